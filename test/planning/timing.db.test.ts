import { Distribution } from '../../src/ledger/distribution.entity.js';
import { wallInstant } from '../../src/platform/calendar/wall_clock.js';
import { afterOpenTime, nextOpen } from '../../src/planning/sending_calendar.js';
import { AT_ONCE, gapMs, type SendingPlan } from '../../src/ledger/sending_plan.js';
import { hoursOf, localStart, timingOf } from '../../src/planning/timing.js';
import { timingParts } from '../../src/planning/timing.sql.js';
import { Bindings } from '../../src/platform/db/bindings.js';
import { startWorld, type World } from '../world.js';

const ZONES = ['Europe/Berlin', 'America/Sao_Paulo', 'Australia/Lord_Howe', 'Pacific/Kiritimati', 'America/New_York'];
const MAILS = 400;

describe('times of mails', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld();
  });
  afterAll(() => world.close());

  const planned = (plan: Partial<SendingPlan>, changes: Partial<Distribution> = {}): Distribution =>
    Object.assign(new Distribution(), {
      plan: { ...AT_ONCE, ...plan },
      timeZone: 'Europe/Berlin',
      expectedMails: MAILS,
      zones: ZONES,
      ...changes,
    });

  /** When PostgreSQL lets the first `MAILS` mails of each zone leave. */
  async function timesOf(
    distribution: Distribution,
    start: Date,
    holidays: string[] = [],
  ): Promise<{ zone: string; n: number; at: Date }[]> {
    const bindings = new Bindings();
    const parts = timingParts(timingOf(distribution, { start, mails: MAILS, holidays }), bindings);
    const zones = `unnest(${bindings.put(ZONES)}::text[]) AS m (zone)`;
    return world.database.outsideBrands((unit) =>
      unit.sql(
        `WITH ${parts.table}numbers AS (SELECT generate_series(1, ${MAILS}) AS n)
         SELECT m.zone, n, ${parts.runAt('n')} AS at FROM numbers CROSS JOIN ${zones} ${parts.join('m.zone')} ORDER BY m.zone, n`,
        bindings.values,
      ),
    );
  }

  it('are what PostgreSQL says of wall clocks, gaps and overlaps included', async () => {
    const readings = ZONES.concat('Asia/Kolkata', 'Pacific/Apia', 'UTC').flatMap((zone) =>
      [
        '2026-03-29',
        '2026-10-25',
        '2026-10-04',
        '2026-04-05',
        '2018-11-04',
        '2018-02-17',
        '2026-03-08',
        '2026-11-01',
      ].flatMap((date) =>
        ['00:00', '00:30', '01:30', '01:45', '02:00', '02:15', '02:30', '03:00', '12:00', '23:30'].map((time) => ({
          zone,
          date,
          time,
        })),
      ),
    );
    const rows = await world.database.outsideBrands((unit) =>
      unit.sql<{ at: Date }>(
        `SELECT (wall::timestamp AT TIME ZONE zone) AS at FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS r (wall, zone, place) ORDER BY place`,
        [readings.map(({ date, time }) => `${date} ${time}`), readings.map(({ zone }) => zone)],
      ),
    );
    readings.forEach(({ zone, date, time }, place) => {
      expect({ zone, date, time, at: wallInstant(date, time, zone) }).toEqual({
        zone,
        date,
        time,
        at: rows[place]!.at,
      });
    });
  });

  it.each([
    ['without hours', null, '2026-11-23T08:00:00Z'],
    [
      'through the spring night',
      { weekdays: [1, 2, 3, 4, 5, 6, 7], from: '22:00', to: '04:00' },
      '2026-03-27T12:00:00Z',
    ],
    ['through the autumn night', { weekdays: [6, 7], from: '00:00', to: '00:00' }, '2026-10-23T12:00:00Z'],
    [
      'in office hours with a holiday',
      { weekdays: [1, 2, 3, 4, 5], from: '09:00', to: '17:00' },
      '2026-12-23T15:30:00Z',
    ],
  ])('are steps on open time: %s', async (_, window, start) => {
    const hours = window === null ? null : { ...window, zone: 'author' as const, holidays: ['2026-12-24'] };
    const distribution = planned({ window: hours, pace: { kind: 'span', hours: 30 } });
    const gap = gapMs(distribution.plan.pace, MAILS);
    const times = (await timesOf(distribution, new Date(start), ['2026-12-25'])).filter(
      ({ zone }) => zone === ZONES[0],
    );
    for (const { n, at } of times) {
      const expected = afterOpenTime(
        hoursOf(distribution, ['2026-12-25']),
        'Europe/Berlin',
        new Date(start),
        (n - 1) * gap,
      )!;
      // The last moment of one opening is the first of the next.
      const isSame = Math.abs(at.getTime() - expected.getTime()) < 2;
      const isNext =
        nextOpen(hoursOf(distribution, ['2026-12-25']) ?? ALWAYS, 'Europe/Berlin', expected)!.getTime() ===
        at.getTime();
      expect({ n, is: isSame || isNext, at, expected }).toMatchObject({ is: true });
    }
  });

  it('are in the hours of each recipient’s zone, after the local start, and as early as the pace allows', async () => {
    const window = { weekdays: [1, 3, 5], from: '10:00', to: '12:00', zone: 'recipient' as const, holidays: [] };
    const pace = { kind: 'rate' as const, mails: 60, per: 'hour' as const };
    const start = new Date('2026-03-27T06:00:00Z');
    const sendAt = new Date('2026-03-27T09:30:00Z');
    const distribution = planned({ window, pace, sendZone: 'recipient' }, { sendAt });
    const hours = hoursOf(distribution, [])!;
    for (const { zone, n, at } of await timesOf(distribution, start)) {
      const begin = localStart(distribution, zone, start).getTime();
      const expected = nextOpen(hours, zone, new Date(begin + (n - 1) * 60_000))!;
      expect({ zone, n, at }).toEqual({ zone, n, at: expected });
    }
  });
});

const ALWAYS = { weekdays: [1, 2, 3, 4, 5, 6, 7], from: '00:00', to: '00:00', holidays: [] };
