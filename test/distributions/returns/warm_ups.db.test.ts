import { nextCap, readWarmUps, switchWarmUp } from '../../../src/distributions/returns/warm_ups.js';
import { aSurvey } from '../../surveys/builders.js';
import { type Person, startWorld, type World } from '../../world.js';
import { aDistribution, anAudience, ledgerOf, statesOf, workOff } from '../builders.js';

const HEALTHY = { cap: 200, used: 200, accepted: 196, deferred: 2, bouncedHard: 2, complained: 0 };

describe('the plan of a new From domain', () => {
  it('begins small, grows by half while all goes well, and shrinks when it does not', () => {
    expect(nextCap(undefined)).toEqual({ cap: 150, verdict: 'first' });
    expect(nextCap(HEALTHY)).toEqual({ cap: 300, verdict: 'raised' });
    expect(nextCap({ ...HEALTHY, used: 20 })).toEqual({ cap: 200, verdict: 'kept' });
    expect(nextCap({ ...HEALTHY, bouncedHard: 6 })).toEqual({ cap: 200, verdict: 'kept' });
    expect(nextCap({ ...HEALTHY, deferred: 100 })).toEqual({ cap: 100, verdict: 'halved' });
    expect(nextCap({ ...HEALTHY, cap: 60, complained: 3 })).toEqual({ cap: 50, verdict: 'halved' });
  });

  describe('while sending', () => {
    let world: World;
    let ada: Person;
    beforeAll(async () => {
      world = await startWorld();
      world.clock.set(new Date('2026-11-02T08:00:00Z'));
      ada = await world.aPerson(await world.aBrand());
    });
    afterAll(() => world.close());

    it('lets as many leave as the day allows, and the others wait', async () => {
      const { brandId } = ada.actor;
      await world.database.inBrand(brandId, (unit) =>
        switchWarmUp(unit, brandId, 'acme.example', true, world.clock.now()),
      );
      const { listId } = await anAudience(world, ada, 400);
      const distribution = await aDistribution(world, ada, await aSurvey(world, ada), { listId });
      const settle = async (): Promise<Record<string, number>> => {
        for (let turn = 0; turn < 4; turn += 1) {
          await workOff(world);
        }
        return statesOf(await ledgerOf(world, distribution));
      };
      expect(await settle()).toEqual({ accepted: 150, queued: 250 });
      world.clock.forward(24 * 3_600_000);
      expect(await settle()).toEqual({ accepted: 375, queued: 25 });
      const [plan] = await world.database.inBrand(brandId, (unit) => readWarmUps(unit));
      expect(plan!.days.map(({ cap, used, verdict }) => ({ cap, used, verdict }))).toEqual([
        { cap: 225, used: 225, verdict: 'raised' },
        { cap: 150, used: 150, verdict: 'first' },
      ]);
      await world.database.inBrand(brandId, (unit) =>
        switchWarmUp(unit, brandId, 'acme.example', false, world.clock.now()),
      );
      expect(await settle()).toEqual({ accepted: 400 });
    });
  });
});
