import type { Composition } from '../../src/ledger/distribution.entity.js';
import { EmailPage } from '../../src/emails/pages/email_page.js';
import { DistributionsService } from '../../src/distributions/distributions.service.js';
import { AT_ONCE, type SendingPlan, type SendingWindow } from '../../src/ledger/sending_plan.js';
import { wallInstant } from '../../src/platform/calendar/wall_clock.js';
import { SteeringService } from '../../src/distributions/steering.service.js';
import type { Survey } from '../../src/surveys/survey.entity.js';
import { Sink } from '../mailer/sink.js';
import { until } from '../waiting.js';
import { aSurvey } from '../surveys/builders.js';
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

const HOUR_MS = 3_600_000;
const OFFICE: SendingWindow = { weekdays: [1, 2, 3, 4, 5], from: '09:00', to: '17:00', zone: 'author', holidays: [] };

describe('when mails leave', () => {
  let world: World;
  let sink: Sink;
  let ada: Person;
  let survey: Survey;
  let week = 0;
  beforeAll(async () => {
    sink = await new Sink().listen();
    world = await startWorld({ SMTP_URL: sink.url, MAIL_DOMAIN: 'acme.example' });
  });
  beforeEach(async () => {
    await world.forget();
    week += 1; // the clock never goes back: servers' patience is remembered
    world.clock.set(new Date(Date.UTC(2027, 0, 4 + 14 * week, 8))); // a Monday, 08:00
    ada = await world.aPerson(await world.aBrand());
    survey = await aSurvey(world, ada);
  });
  afterAll(async () => {
    await world.close();
    await sink.close();
  });

  const plan = (changes: Partial<SendingPlan>): Pick<Composition, 'plan'> => ({ plan: { ...AT_ONCE, ...changes } });
  const accepted = async (distribution: { brandId: string; id: string }): Promise<number> =>
    statesOf(await ledgerOf(world, distribution))['accepted'] ?? 0;
  const forward = async (hours: number): Promise<void> => {
    world.clock.forward(hours * HOUR_MS);
    await workOff(world);
  };
  const pageOf = async ({ id }: { id: string }): Promise<string> => {
    const address = { id: world.ids.show('SV', survey.id), email: world.ids.show('EMD', id) };
    return JSON.stringify(
      await world.app.get(EmailPage).show(ada.actor, address, { show: 'all', q: '', seen: 0, upTo: 0 }),
    );
  };
  const day = (): string => world.clock.now().toISOString().slice(0, 10);

  it('waits for the sending hours, shows nothing as held, and goes on when they begin', async () => {
    const { listId } = await anAudience(world, ada, 3);
    const distribution = await aDistribution(world, ada, survey, { listId, ...plan({ window: OFFICE }) });
    await workOff(world);
    expect((await nowOf(world, ada, distribution)).status).toBe('sending');
    expect(await accepted(distribution)).toBe(0);
    expect((await ledgerOf(world, distribution))[0]!.runAt?.toISOString()).toBe(`${day()}T09:00:00.000Z`);
    await forward(1);
    expect(statesOf(await ledgerOf(world, distribution))).toEqual({ accepted: 3 });
    expect((await nowOf(world, ada, distribution)).status).toBe('done');
  });

  it('claims nothing outside the hours, even what was due before', async () => {
    const { listId } = await anAudience(world, ada, 3);
    const holidays = [day()];
    const distribution = await aDistribution(world, ada, survey, {
      listId,
      ...plan({ window: { ...OFFICE, holidays } }),
    });
    await workOff(world);
    await world.database.inBrand(ada.actor.brandId, (unit) =>
      unit.run('UPDATE messages SET run_at = $1', [world.clock.now()]),
    );
    await forward(4);
    expect(await accepted(distribution)).toBe(0);
    await forward(21);
    expect(await accepted(distribution)).toBe(3);
  });

  it('spreads over a span, in open time, and is never faster than the pace', async () => {
    world.clock.forward(7 * HOUR_MS); // Monday 15:00
    const { listId } = await anAudience(world, ada, 40);
    const distribution = await aDistribution(world, ada, survey, {
      listId,
      ...plan({ window: OFFICE, pace: { kind: 'span', hours: 4 } }),
    });
    await workOff(world);
    const times = (await ledgerOf(world, distribution)).map(({ runAt }) => runAt!.toISOString().slice(11, 16));
    expect(times.slice(18, 22)).toEqual(['16:48', '16:54', '09:00', '09:06']);
    expect(await accepted(distribution)).toBe(1);
    await forward(1);
    expect(await accepted(distribution)).toBeLessThanOrEqual(3); // a late scheduler makes up for one gap at most
    for (let quarter = 0; quarter < 200 && (await accepted(distribution)) < 40; quarter += 1) {
      const before = await accepted(distribution);
      await forward(0.25);
      expect((await accepted(distribution)) - before).toBeLessThanOrEqual(4);
    }
    expect(await accepted(distribution)).toBe(40);
  });

  it('sends at each recipient’s own time, and later today’s missed hour tomorrow', async () => {
    const { listId, contactIds } = await anAudience(world, ada, 9);
    const zones = ['Pacific/Kiritimati', 'Asia/Tokyo', 'Europe/Berlin', 'America/Sao_Paulo', '', '', '', '', 'nowhere'];
    // Where a contact names no zone, the country of the phone tells it if it has one, else it is the brand's.
    const phones = ['', '', '+919812345678', '', '', '+919812345670', '+14155552671', '+35799123456', '+9779812345678'];
    await world.database.inBrand(ada.actor.brandId, async (unit) => {
      await unit.run(
        `UPDATE contacts c SET time_zone = z.zone, phone = z.phone
         FROM unnest($1::bigint[], $2::text[], $3::text[]) AS z (id, zone, phone) WHERE c.id = z.id`,
        [contactIds, zones, phones],
      );
      await unit.run(`UPDATE brands SET time_zone = 'Europe/Lisbon' WHERE id = $1`, [ada.actor.brandId]);
    });
    const distributions = world.app.get(DistributionsService);
    const sendAt = new Date(`${day()}T14:00:00Z`); // three o'clock of the author
    const draft = await distributions.compose(
      ada.actor,
      survey.id,
      words({ listId, sendAt, timeZone: 'Etc/GMT-1', ...plan({ sendZone: 'recipient' }) }),
    );
    const distribution = await distributions.send(ada.actor, draft.id);
    await workOff(world);
    const ledger = await ledgerOf(world, distribution);
    const today = new Date(`${day()}T00:00:00Z`).getTime();
    const hours = ledger.map(({ runAt }) => (runAt!.getTime() - today) / HOUR_MS);
    // It is 08:00: three o'clock was seven hours ago in Kiritimati, two in Tokyo, and is to come elsewhere.
    expect(hours).toEqual([25, 8, 14, 18, 15, 9.5, 15, 13, 9.25]);
    expect(await accepted(distribution)).toBe(1);
    await forward(1.5);
    expect(await accepted(distribution)).toBe(3);
    await forward(24);
    expect((await nowOf(world, ada, distribution)).status).toBe('done');
  });

  it('keeps the hours of each recipient’s zone', async () => {
    const { listId, contactIds } = await anAudience(world, ada, 2);
    await world.database.inBrand(ada.actor.brandId, (unit) =>
      unit.run(`UPDATE contacts SET time_zone = 'America/New_York' WHERE id = $1`, [contactIds[0]]),
    );
    const window: SendingWindow = { ...OFFICE, zone: 'recipient', to: '12:00' };
    const distribution = await aDistribution(world, ada, survey, { listId, ...plan({ window }) });
    await forward(2);
    expect(await accepted(distribution)).toBe(1);
    await world.database.inBrand(ada.actor.brandId, (unit) =>
      unit.run(`UPDATE messages SET run_at = $1 WHERE state = 'queued'`, [world.clock.now()]),
    );
    await workOff(world);
    expect(await accepted(distribution)).toBe(1);
    expect((await ledgerOf(world, distribution))[0]!.runAt).toEqual(wallInstant(day(), '09:00', 'America/New_York'));
    await forward(5);
    expect(await accepted(distribution)).toBe(2);
  });

  it('goes in waves, and the scheduler that slept over three of them sends one', async () => {
    const { listId } = await anAudience(world, ada, 10);
    const waves = { portions: 4, everyHours: 2, untilFinished: null };
    const distribution = await aDistribution(world, ada, survey, { listId, ...plan({ waves, lateAfterHours: null }) });
    await workOff(world);
    expect(await accepted(distribution)).toBe(3);
    await forward(1);
    expect(await accepted(distribution)).toBe(3);
    await forward(9);
    expect(await accepted(distribution)).toBe(5);
    await forward(2);
    expect(await accepted(distribution)).toBe(8);
    await forward(2);
    expect(await accepted(distribution)).toBe(10);
    expect((await nowOf(world, ada, distribution)).status).toBe('done');
  });

  it('sends no further wave once enough people have finished, and gives their allowance back', async () => {
    const { listId } = await anAudience(world, ada, 6);
    const waves = { portions: 3, everyHours: 2, untilFinished: 2 };
    const distribution = await aDistribution(world, ada, survey, { listId, ...plan({ waves }) });
    await workOff(world);
    await world.database.inBrand(ada.actor.brandId, (unit) =>
      unit.run(`UPDATE messages SET finished_at = $1 WHERE state = 'accepted'`, [world.clock.now()]),
    );
    await forward(2);
    const rows = await ledgerOf(world, distribution);
    expect(statesOf(rows)).toEqual({ accepted: 2, cancelled: 4 });
    expect(rows[5]!.reason).toBe('enough_finished');
    expect(await reservedOf(world, ada)).toBe(2);
    expect(await nowOf(world, ada, distribution)).toMatchObject({ status: 'done', wavesUnsent: 4 });
    expect(await pageOf(distribution)).toMatch(
      /Stopped: 2 have finished, as many as were wanted\. 4 people got no mail\./,
    );
    await world.app.get(SteeringService).goOnWithWaves(ada.actor, distribution.id);
    expect(await reservedOf(world, ada)).toBe(6);
    await workOff(world);
    expect(await accepted(distribution)).toBe(4);
    expect(await pageOf(distribution)).toMatch(/Next wave .*wave 2 of 3/);
    await forward(2);
    expect(statesOf(await ledgerOf(world, distribution))).toEqual({ accepted: 6 });
    expect(await nowOf(world, ada, distribution)).toMatchObject({ status: 'done', wavesEndedAt: null });
    const again = world.app.get(SteeringService).goOnWithWaves(ada.actor, distribution.id);
    await expect(again).rejects.toThrow('No wave of this distribution was kept back.');
  });

  it('ends its waves as soon as enough have finished, whatever of that the ledger knows yet', async () => {
    const { listId } = await anAudience(world, ada, 4);
    const waves = { portions: 2, everyHours: 48, untilFinished: 1 };
    const distribution = await aDistribution(world, ada, survey, { listId, ...plan({ waves }) });
    await workOff(world);
    const [first] = await ledgerOf(world, distribution);
    await world.database.inBrand(ada.actor.brandId, (unit) =>
      unit.run(`INSERT INTO response_outbox (brand_id, kind, link_id, at) VALUES ($1, 'finished', $2, $3)`, [
        ada.actor.brandId,
        first!.linkId,
        world.clock.now(),
      ]),
    );
    await until(async () => {
      await workOff(world);
      return (await nowOf(world, ada, distribution)).wavesEndedAt !== null;
    });
    expect(statesOf(await ledgerOf(world, distribution))).toEqual({ accepted: 2, cancelled: 2 });
    expect((await nowOf(world, ada, distribution)).wavesEndedAt).toEqual(world.clock.now());
  });

  describe('later than it may be', () => {
    const scheduled = async (lateAfterHours: number | null): Promise<Awaited<ReturnType<typeof nowOf>>> => {
      const { listId } = await anAudience(world, ada, 3);
      const distributions = world.app.get(DistributionsService);
      const sendAt = new Date(world.clock.now().getTime() + HOUR_MS);
      const draft = await distributions.compose(
        ada.actor,
        survey.id,
        words({ listId, sendAt, ...plan({ lateAfterHours }) }),
      );
      return distributions.send(ada.actor, draft.id);
    };

    it('asks, sends nothing until somebody answers, and then sends all', async () => {
      const distribution = await scheduled(6);
      await forward(7.1);
      expect(await nowOf(world, ada, distribution)).toMatchObject({
        status: 'held',
        heldReason: 'late',
        errorCode: 'CVS06',
        retryAt: null,
      });
      await forward(48);
      expect(await ledgerOf(world, distribution)).toEqual([]);
      await world.app.get(SteeringService).sendLate(ada.actor, distribution.id);
      await workOff(world);
      expect(await accepted(distribution)).toBe(3);
    });

    it('can be cancelled instead', async () => {
      const distribution = await scheduled(1);
      await forward(2.1);
      await world.app.get(SteeringService).cancel(ada.actor, distribution.id);
      await workOff(world);
      expect((await nowOf(world, ada, distribution)).status).toBe('cancelled');
      expect(await reservedOf(world, ada)).toBe(0);
    });

    it('is sent within its hours, and always where nobody set any', async () => {
      const punctual = await scheduled(6);
      await forward(6.9);
      const patient = await scheduled(null);
      await forward(300);
      expect(await accepted(punctual)).toBe(3);
      expect(await accepted(patient)).toBe(3);
    });

    it('asks as well when a hold lasted that long', async () => {
      const distribution = await scheduled(6);
      await forward(1);
      await world.database.inBrand(ada.actor.brandId, async (unit) => {
        await unit.run(`UPDATE messages SET state = 'queued', run_at = $1, final_at = NULL`, [world.clock.now()]);
        await unit.run(
          `UPDATE distributions SET status = 'held', held_from = 'sending', held_reason = 'relay', held_at = $1, retry_at = $1`,
          [world.clock.now()],
        );
      });
      await forward(7);
      expect(await nowOf(world, ada, distribution)).toMatchObject({ status: 'held', heldReason: 'late' });
    });

    it('can be said only of what is held for it', async () => {
      const distribution = await scheduled(6);
      await expect(world.app.get(SteeringService).sendLate(ada.actor, distribution.id)).rejects.toThrow(
        'Nobody is asked',
      );
    });
  });
});
