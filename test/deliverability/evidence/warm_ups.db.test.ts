import { nextCap, readWarmUps, switchWarmUp, withinWarmUp } from '../../../src/deliverability/evidence/warm_ups.js';
import { aSurvey } from '../../surveys/builders.js';
import { type Person, startWorld, type World } from '../../world.js';
import { aDistribution, anAudience, ledgerOf, statesOf, workOff } from '../../distributions/builders.js';

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

    it.each([
      ['one organization', ['a.evil.example', 'b.evil.example', 'evil.example'], 'raised'],
      ['several', ['evil.example', 'navy.example', 'ibm.example'], 'halved'],
    ])('believes complaints and bounces of %s (%j)', async (_name, domains, verdict) => {
      const { brandId } = ada.actor;
      const from = `${verdict}.example`;
      const plan = await world.database.inBrand(brandId, async (unit) => {
        await switchWarmUp(unit, brandId, from, true, world.clock.now());
        await unit.run(
          `INSERT INTO warm_up_days (brand_id, from_domain, day, cap, used, verdict) VALUES ($1, $2, '2026-11-01', 150, 150, 'first')`,
          [brandId, from],
        );
        await unit.run(
          `INSERT INTO deliverability_days (brand_id, day, from_domain, to_domain, accepted, bounced_hard, complained)
           SELECT $1, '2026-11-01', $2, d, CASE d WHEN '' THEN 150 ELSE 10 END, CASE d WHEN '' THEN 9 ELSE 3 END, CASE d WHEN '' THEN 6 ELSE 2 END
           FROM unnest($3::text[]) AS d`,
          [brandId, from, ['', ...domains]],
        );
        await unit.run(
          `INSERT INTO deliverability_days (brand_id, day, from_domain, to_domain, accepted)
           SELECT $1, '2026-11-01', $2, 'company' || n || '.example', 20 FROM generate_series(1, 6) AS n`,
          [brandId, from],
        );
        const wish = { fromEmail: `ada@${from}`, wanted: 1, now: world.clock.now() };
        await withinWarmUp(unit, wish, () => Promise.resolve([]));
        return (await readWarmUps(unit)).find(({ fromDomain }) => fromDomain === from);
      });
      expect(plan!.days[0]!.verdict).toBe(verdict);
    });

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
      const plans = await world.database.inBrand(brandId, (unit) => readWarmUps(unit));
      const plan = plans.find(({ fromDomain }) => fromDomain === 'acme.example');
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
