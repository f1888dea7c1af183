import { DistributionsService } from '../../src/distributions/distributions.service.js';
import { SteeringService } from '../../src/distributions/steering.service.js';
import { WeeklyLimits } from '../../src/distributions/planning/weekly_limits.service.js';
import type { Survey } from '../../src/surveys/survey.entity.js';
import { Sink } from '../mailer/sink.js';
import { aSurvey } from '../surveys/builders.js';
import { type Person, startWorld, type World } from '../world.js';
import { aDistribution, anAudience, ledgerOf, nowOf, reservedOf, statesOf, words, workOff } from './builders.js';

describe('weekly limits', () => {
  let world: World;
  let sink: Sink;
  let ada: Person;
  let survey: Survey;
  let limits: WeeklyLimits;
  beforeAll(async () => {
    sink = await new Sink().listen();
    world = await startWorld({ SMTP_URL: sink.url });
    limits = world.app.get(WeeklyLimits);
  });
  beforeEach(async () => {
    sink.script = () => undefined;
    sink.caught.length = 0;
    world.clock.set(new Date('2026-11-02T10:37:21Z'));
    ada = await world.aPerson(await world.aBrand());
    survey = await aSurvey(world, ada);
  });
  afterAll(async () => {
    await world.close();
    await sink.close();
  });

  const limitTo = async (user: number, brand = 100_000): Promise<void> => {
    await world.database.inBrand(ada.actor.brandId, async (unit) => {
      await unit.run('UPDATE users SET weekly_email_limit = $1', [user]);
      await unit.run('UPDATE brands SET weekly_email_limit = $1', [brand]);
    });
  };
  const reserve = (count: number): Promise<Date> => limits.reserve({ brandId: ada.actor.brandId, userId: ada.actor.userId }, count, 'UTC');

  it('are exact when twenty sends race', async () => {
    await limitTo(1000);
    const results = await Promise.allSettled(Array.from({ length: 20 }, () => reserve(130)));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(7);
    expect(await reservedOf(world, ada)).toBe(910);
    await expect(reserve(91)).rejects.toMatchObject({ code: 'EQD03' });
    await reserve(90);
    await expect(reserve(1)).rejects.toMatchObject({ code: 'EQD03' });
  });

  it('hold to the second: a bucket counts until seven days after its hour', async () => {
    await limitTo(100);
    await reserve(100);
    world.clock.set(new Date('2026-11-09T10:59:59Z'));
    await expect(reserve(1)).rejects.toMatchObject({ code: 'EQD03' });
    world.clock.set(new Date('2026-11-09T11:00:00Z'));
    await reserve(100);
  });

  it('tell how much is used and needed, when enough will be free, and whom to ask', async () => {
    await limitTo(1000);
    await reserve(600);
    world.clock.forward(3_600_000);
    await reserve(300);
    await expect(reserve(500)).rejects.toThrow(
      'This distribution cannot be sent now. This account may send 1,000 e-mails per week; 900 of them are used and 500 are ' +
        'needed. Enough will be free on 9 November 2026 at 11:00 (UTC). To have the limit raised, contact the brand administrator.',
    );
    await expect(reserve(1001)).rejects.toThrow('It is larger than the whole weekly limit.');
  });

  it('are the brand’s as well as the person’s, and the lower one wins', async () => {
    await limitTo(1000, 50);
    await expect(reserve(51)).rejects.toMatchObject({ code: 'EQD04' });
    await reserve(50);
    expect(await limits.of(ada.actor.brandId, ada.actor.userId)).toMatchObject([
      { scope: 'user', limit: 1000, used: 50, left: 950 },
      { scope: 'brand', limit: 50, used: 50, left: 0 },
    ]);
  });

  it('refuse a distribution whole: nothing is planned, the draft stays', async () => {
    await limitTo(2);
    const { listId } = await anAudience(world, ada, 3);
    const distributions = world.app.get(DistributionsService);
    const draft = await distributions.compose(ada.actor, survey.id, words({ listId }));
    await expect(distributions.send(ada.actor, draft.id)).rejects.toMatchObject({ code: 'EQD03' });
    expect((await nowOf(world, ada, draft)).status).toBe('draft');
    expect(await ledgerOf(world, draft)).toEqual([]);
    expect(await reservedOf(world, ada)).toBe(0);
  });

  it('let exactly two of five racing distributions of 400 go with 1,000', async () => {
    await limitTo(1000);
    const { listId } = await anAudience(world, ada, 400);
    const tries = Array.from({ length: 5 }, (_, n) =>
      aDistribution(world, ada, survey, { listId, subject: `Wave ${n}` }),
    );
    const results = await Promise.allSettled(tries);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
    expect(await reservedOf(world, ada)).toBe(800);
    await workOff(world);
  });

  it('get back what was cancelled before the wire', async () => {
    const { listId } = await anAudience(world, ada, 50);
    sink.script = ({ stage }) => (stage === 'dot' ? { reply: '250 2.0.0 slowly', afterMs: 100 } : undefined);
    const distribution = await aDistribution(world, ada, survey, { listId });
    expect(await reservedOf(world, ada)).toBe(50);
    while (sink.caught.length === 0) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    await world.app.get(SteeringService).cancel(ada.actor, distribution.id);
    await workOff(world);
    const states = statesOf(await ledgerOf(world, distribution));
    expect((states['accepted'] ?? 0) + (states['cancelled'] ?? 0)).toBe(50);
    expect(states['cancelled']).toBeGreaterThan(0);
    expect(await reservedOf(world, ada)).toBe(states['accepted'] ?? 0);
  });

  it('get back what a server refused before it took the body, and not what it refused after', async () => {
    const { listId } = await anAudience(world, ada, 3);
    sink.script = ({ stage, line }) => {
      if (stage === 'rcpt' && line.includes('person.1@')) {
        return { reply: '550 5.1.1 No such user' };
      }
      return undefined;
    };
    const distribution = await aDistribution(world, ada, survey, { listId });
    await workOff(world);
    expect(statesOf(await ledgerOf(world, distribution))).toEqual({ accepted: 2, failed: 1 });
    expect(await reservedOf(world, ada)).toBe(2);
    sink.script = () => undefined;
    await world.app.get(SteeringService).retryFailed(ada.actor, distribution.id);
    await workOff(world);
    expect(statesOf(await ledgerOf(world, distribution))).toEqual({ accepted: 3 });
    expect(await reservedOf(world, ada)).toBe(3);
  });

  it('count for whoever sends, also when a colleague wrote it', async () => {
    const { listId } = await anAudience(world, ada, 3);
    const administrator = await world.aPerson({ id: ada.actor.brandId } as never, {
      type: 'administrator',
      firstName: 'Grace',
    });
    const distributions = world.app.get(DistributionsService);
    const draft = await distributions.compose(ada.actor, survey.id, words({ listId }));
    await distributions.send(administrator.actor, draft.id);
    await workOff(world);
    expect(await reservedOf(world, ada)).toBe(0);
    expect(await reservedOf(world, administrator)).toBe(3);
  });

  it('are not reserved twice when planning finds other people than were counted', async () => {
    await limitTo(3);
    const { listId, contactIds } = await anAudience(world, ada, [
      { email: 'a@example.com' },
      { email: 'b@example.com', optedOutAt: new Date() },
      { email: 'c@example.com' },
    ]);
    const distribution = await aDistribution(world, ada, survey, { listId });
    await world.database.inBrand(ada.actor.brandId, (unit) =>
      unit.run('UPDATE contacts SET opted_out_at = $2 WHERE id = $1', [contactIds[0], world.clock.now()]),
    );
    await workOff(world);
    const rows = await ledgerOf(world, distribution);
    const sent = rows.filter(({ state }) => state === 'accepted').length;
    expect(await reservedOf(world, ada)).toBe(sent);
  });
});
