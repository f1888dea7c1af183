import { DistributionsService } from '../../src/distributions/distributions.service.js';
import { SteeringService } from '../../src/distributions/steering.service.js';
import { WeeklyLimits } from '../../src/limits/weekly_limits.service.js';
import { WeeklyLimitsChanged } from '../../src/brands/brands.events.js';
import type { Distribution } from '../../src/ledger/distribution.entity.js';
import { Releases } from '../../src/planning/releases.service.js';
import { Events } from '../../src/platform/events.js';
import type { Survey } from '../../src/surveys/survey.entity.js';
import { Sink } from '../mailer/sink.js';
import { aSurvey } from '../surveys/builders.js';
import { pause, until } from '../waiting.js';
import { type Person, startWorld, type World } from '../world.js';
import {
  aDistribution,
  anAudience,
  ledgerOf,
  nowOf,
  reservedOf,
  statesOf,
  words,
  workOff,
} from '../distributions/builders.js';

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
  let week = 0;
  beforeEach(async () => {
    await world.forget();
    sink.script = () => undefined;
    sink.caught.length = 0;
    week += 1; // never back: what servers asked for is remembered
    world.clock.set(new Date(Date.UTC(2026, 9, 5 + 28 * week, 10, 37, 21)));
    ada = await world.aPerson(await world.aBrand());
    survey = await aSurvey(world, ada);
  });
  afterAll(async () => {
    await world.close();
    await sink.close();
  });

  /** Polls until it is so. */
  const eventually = async (look: () => Promise<void>): Promise<void> => {
    for (let attempt = 0; ; attempt += 1) {
      try {
        await look();
        return;
      } catch (error) {
        if (attempt > 600) {
          throw error;
        }
      }
      await pause(50);
      await workOff(world);
    }
  };
  const limitTo = async (user: number, brand = 100_000): Promise<void> => {
    await world.database.inBrand(ada.actor.brandId, async (unit) => {
      await unit.run('UPDATE users SET weekly_email_limit = $1', [user]);
      await unit.run('UPDATE brands SET weekly_email_limit = $1', [brand]);
    });
  };
  const reserve = (count: number): Promise<Date> =>
    limits.reserve({ brandId: ada.actor.brandId, userId: ada.actor.userId }, count, 'UTC');

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
    world.clock.set(new Date('2026-12-07T10:59:59Z'));
    await expect(reserve(1)).rejects.toMatchObject({ code: 'EQD03' });
    world.clock.set(new Date('2026-12-07T11:00:00Z'));
    await reserve(100);
  });

  it('tell how much is used and needed, when enough will be free, and whom to ask', async () => {
    await limitTo(1000);
    await reserve(600);
    world.clock.forward(3_600_000);
    await reserve(300);
    await expect(reserve(500)).rejects.toThrow(
      'This distribution cannot be sent now. This account may send 1,000 e-mails per week; 900 of them are used and 500 are ' +
        'needed. Enough will be free on 4 January 2027 at 11:00 (UTC). To have the limit raised, contact the brand administrator.',
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
    await until(() => sink.caught.length > 0);
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
        return { reply: '554 5.6.0 Not with these words' };
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

  describe('of mails that failed after the wire and are tried again', () => {
    const refuseBodies: Sink['script'] = ({ stage }) =>
      stage === 'dot' ? { reply: '554 5.6.0 Not with these words' } : undefined;
    const failed = async (): Promise<Distribution> => {
      const { listId } = await anAudience(world, ada, 3);
      sink.script = refuseBodies;
      const distribution = await aDistribution(world, ada, survey, { listId });
      await workOff(world);
      expect(statesOf(await ledgerOf(world, distribution))).toEqual({ failed: 3 });
      sink.script = () => undefined;
      return distribution;
    };

    it('take nothing more while the hour that paid still counts', async () => {
      const distribution = await failed();
      await world.app.get(SteeringService).retryFailed(ada.actor, distribution.id);
      await workOff(world);
      expect(await reservedOf(world, ada)).toBe(3);
    });

    it('are paid again when that hour has left the week', async () => {
      await limitTo(3);
      const distribution = await failed();
      world.clock.forward(8 * 24 * 3_600_000);
      await world.app.get(SteeringService).retryFailed(ada.actor, distribution.id);
      expect((await limits.of(ada.actor.brandId, ada.actor.userId))[0]).toMatchObject({ used: 3, left: 0 });
      await workOff(world);
      expect(statesOf(await ledgerOf(world, distribution))).toEqual({ accepted: 3 });
    });

    it('stay failed when they no longer fit: none is queued unpaid', async () => {
      await limitTo(3);
      const distribution = await failed();
      world.clock.forward(8 * 24 * 3_600_000);
      await reserve(1);
      await expect(world.app.get(SteeringService).retryFailed(ada.actor, distribution.id)).rejects.toMatchObject({
        code: 'EQD03',
      });
      expect(statesOf(await ledgerOf(world, distribution))).toEqual({ failed: 3 });
      expect((await nowOf(world, ada, distribution)).status).toBe('done');
    });
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
      { email: 'b@example.com', optedOutAt: world.clock.now() },
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

  describe('where what is free goes now and the rest later', () => {
    const inParts = async (people: number, subject = 'Parts'): Promise<Distribution> => {
      const { listId } = await anAudience(world, ada, people);
      const distributions = world.app.get(DistributionsService);
      const draft = await distributions.compose(ada.actor, survey.id, words({ listId, subject }));
      return distributions.send(ada.actor, draft.id, { inParts: true });
    };
    const paid = async (distribution: Distribution): Promise<number> =>
      (await ledgerOf(world, distribution)).filter(({ reservedHour }) => reservedHour !== null).length;

    it('reserve exactly 1,000 for five racing distributions of 400, and hold exactly 1,000', async () => {
      await limitTo(1000);
      const { listId } = await anAudience(world, ada, 400);
      const distributions = world.app.get(DistributionsService);
      const drafts: Distribution[] = [];
      for (const subject of ['One', 'Two', 'Three', 'Four', 'Five']) {
        drafts.push(await distributions.compose(ada.actor, survey.id, words({ listId, subject })));
      }
      await Promise.all(drafts.map(({ id }) => distributions.send(ada.actor, id, { inParts: true })));
      for (let turn = 0; turn < 60 && sink.caught.length < 1000; turn += 1) {
        await workOff(world);
      }
      await workOff(world);
      const counts = await Promise.all(drafts.map(paid));
      expect(counts.reduce((sum, count) => sum + count, 0)).toBe(1000);
      expect(await reservedOf(world, ada)).toBe(1000);
      expect(sink.caught).toHaveLength(1000);
      const held = await Promise.all(drafts.map((draft) => nowOf(world, ada, draft)));
      const waiting = held.filter(({ status }) => status === 'held');
      expect(waiting.every(({ heldReason, errorCode }) => heldReason === 'week' && errorCode === 'EQD03')).toBe(true);
      expect(counts.filter((count) => count < 400)).toHaveLength(waiting.length);
    });

    it('send the rest in order as the week moves on', async () => {
      await limitTo(5);
      const distribution = await inParts(12);
      await workOff(world);
      expect(await nowOf(world, ada, distribution)).toMatchObject({ status: 'held', heldReason: 'week', reserved: 5 });
      expect((await ledgerOf(world, distribution)).map(({ state }) => state).join(' ')).toBe(
        `${'accepted '.repeat(5)}${'queued '.repeat(7)}`.trim(),
      );
      world.clock.forward(7 * 24 * 3_600_000);
      await workOff(world);
      expect(await paid(distribution)).toBe(5); // a bucket counts until seven days after its hour
      world.clock.forward(3_600_000);
      await workOff(world);
      expect(statesOf(await ledgerOf(world, distribution))).toEqual({ accepted: 10, queued: 2 });
      world.clock.forward(8 * 24 * 3_600_000);
      await workOff(world);
      expect(statesOf(await ledgerOf(world, distribution))).toEqual({ accepted: 12 });
      expect((await nowOf(world, ada, distribution)).status).toBe('done');
    });

    it('go on at once when an administrator raises the limit', async () => {
      await limitTo(2);
      const distribution = await inParts(4);
      await workOff(world);
      expect(await paid(distribution)).toBe(2);
      await limitTo(4);
      world.app.get(Events).tell(new WeeklyLimitsChanged(ada.actor.brandId));
      await eventually(async () => expect((await nowOf(world, ada, distribution)).status).toBe('done'));
    });

    it('cost nothing for what is cancelled while it waits', async () => {
      await limitTo(2);
      const distribution = await inParts(5);
      await workOff(world);
      expect(await world.app.get(SteeringService).cancel(ada.actor, distribution.id)).toBe(3);
      expect(await reservedOf(world, ada)).toBe(2);
    });
  });

  it('stop a sending at the wire when they are lowered below what is used', async () => {
    await limitTo(100);
    const { listId } = await anAudience(world, ada, 60);
    sink.script = ({ stage }) => (stage === 'dot' ? { reply: '250 2.0.0 slowly', afterMs: 50 } : undefined);
    const distribution = await aDistribution(world, ada, survey, { listId });
    await until(() => sink.caught.length >= 3);
    await limitTo(10);
    await world.app.get(Releases).limitsChanged(ada.actor.brandId);
    const held = await nowOf(world, ada, distribution);
    const gone = sink.caught.length;
    await workOff(world);
    expect(held).toMatchObject({ status: 'held', heldReason: 'week' });
    // One message on each connection was on the wire already.
    expect(sink.caught.length).toBeLessThanOrEqual(gone + 10);
    await limitTo(100);
    await world.app.get(Releases).limitsChanged(ada.actor.brandId);
    await eventually(async () => expect((await nowOf(world, ada, distribution)).status).toBe('done'));
    expect(sink.caught).toHaveLength(60);
  });

  it('stop a sending at the wire when the brand is suspended', async () => {
    const { listId } = await anAudience(world, ada, 60);
    sink.script = ({ stage }) => (stage === 'dot' ? { reply: '250 2.0.0 slowly', afterMs: 50 } : undefined);
    const distribution = await aDistribution(world, ada, survey, { listId });
    await until(() => sink.caught.length >= 3);
    await world.database.inBrand(ada.actor.brandId, (unit) => unit.run(`UPDATE brands SET status = 'suspended'`));
    const gone = sink.caught.length;
    await workOff(world);
    expect(sink.caught.length).toBeLessThanOrEqual(gone + 10);
    expect(await nowOf(world, ada, distribution)).toMatchObject({ status: 'held', heldReason: 'brand_suspended' });
  });

  it('are the division’s as well, for all of its people together', async () => {
    const { id: divisionId } = await world.database.inBrand(ada.actor.brandId, (unit) =>
      unit.one<{ id: string }>(
        `INSERT INTO divisions (brand_id, name, weekly_email_limit, created_at) VALUES ($1, 'North', 5, $2) RETURNING id`,
        [ada.actor.brandId, world.clock.now()],
      ),
    );
    const grace = await world.aPerson({ id: ada.actor.brandId } as never, { firstName: 'Grace' });
    await world.database.inBrand(ada.actor.brandId, (unit) =>
      unit.run('UPDATE users SET division_id = $1', [divisionId]),
    );
    const payerOf = ({ actor }: Person) => ({ brandId: actor.brandId, userId: actor.userId, divisionId });
    await limits.reserve(payerOf(ada), 3, 'UTC');
    await expect(limits.reserve(payerOf(grace), 3, 'UTC')).rejects.toMatchObject({
      code: 'EQD04',
      message: expect.stringContaining(
        'This division may send 5 e-mails per week; 3 of them are used and 3 are needed.',
      ),
    });
    expect((await limits.of(grace.actor.brandId, grace.actor.userId)).map(({ scope, left }) => [scope, left])).toEqual([
      ['user', 10_000],
      ['division', 2],
      ['brand', 99_997],
    ]);
  });
});
