import { IANAZone } from 'luxon';
import { renamed } from '../../../migrations/Migration20261201060000_zone_names.js';
import { phoneZones } from '../../../src/platform/calendar/country_zones.js';
import { canonicalZone, isTimeZone, TIME_ZONES, zoneLabel } from '../../../src/platform/calendar/time_zones.js';
import { startWorld, type World } from '../../world.js';

describe('a time zone', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld();
  });
  afterAll(() => world.close());

  it('is told by a telephone number only where all clocks of the countries with its code agree', () => {
    const told = (code: string): string | undefined => phoneZones().get(code);
    expect(['43', '49', '91', '48', '81'].map(told)).toEqual([
      'Europe/Vienna',
      'Europe/Berlin',
      'Asia/Kolkata',
      'Europe/Warsaw',
      'Asia/Tokyo',
    ]);
    expect(['1', '7', '351', '380', '61'].map(told)).toEqual([undefined, undefined, undefined, undefined, undefined]);
    expect([...phoneZones().values()].every(isTimeZone)).toBe(true);
  });

  it.each([
    ['Asia/Kolkata', 'Asia/Kolkata'],
    ['asia/calcutta', 'Asia/Kolkata'],
    ['Europe/Kiev', 'Europe/Kyiv'],
    ['EUROPE/KYIV', 'Europe/Kyiv'],
    ['America/Buenos_Aires', 'America/Argentina/Buenos_Aires'],
    ['america/argentina/buenos aires', 'America/Argentina/Buenos_Aires'],
    ['America / Argentina / Buenos_Aires', 'America/Argentina/Buenos_Aires'],
    ['US/Eastern', 'America/New_York'],
    [' us/pacific ', 'America/Los_Angeles'],
    ['America/New York', 'America/New_York'],
    ['America/Godthab', 'America/Nuuk'],
    ['GB', 'Europe/London'],
    ['Asia/Saigon', 'Asia/Ho_Chi_Minh'],
    ['Eastern Standard Time', 'America/New_York'],
    ['w. europe standard time', 'Europe/Berlin'],
    ['India Standard Time', 'Asia/Kolkata'],
    ['UTC', 'UTC'],
    ['Etc/UTC', 'UTC'],
    ['gmt', 'UTC'],
    ['Z', 'UTC'],
    ['+00:00', 'UTC'],
    ['UTC+2', 'Etc/GMT-2'],
    ['GMT-3', 'Etc/GMT+3'],
    ['utc +02:00', 'Etc/GMT-2'],
    ['-0500', 'Etc/GMT+5'],
    ['etc/gmt-2', 'Etc/GMT-2'],
    ['+05:30', '+05:30'],
    ['UTC+5:45', '+05:45'],
    ['GMT-03:30', '-03:30'],
  ])('that is written %j is kept as %s', (written, kept) => {
    expect(canonicalZone(written)).toBe(kept);
    expect(canonicalZone(kept)).toBe(kept);
    expect(isTimeZone(kept)).toBe(true);
  });

  it.each([
    '',
    'Berlin',
    'IST',
    'BST',
    'Europe/Nowhere',
    'UTC+25',
    '+15:00',
    '+05:17',
    'Local Time',
    'Factory',
    "x'; --",
  ])('is not what %j says', (written) => {
    expect(canonicalZone(written)).toBeUndefined();
  });

  it('of every name that is offered is known to JavaScript and to PostgreSQL, with the same clock', async () => {
    const kept = [...TIME_ZONES, 'Etc/GMT-2', 'Etc/GMT+11'];
    // Rules of a year that both know: laws of this one may have reached one of them only.
    const instants = ['2025-01-15T12:00:00Z', '2025-07-15T12:00:00Z'];
    const rows = await world.database.outsideBrands((unit) =>
      unit.sql<{ zone: string; at: Date; offset: number }>(
        `SELECT z.zone, i.at, (extract(epoch FROM i.at AT TIME ZONE z.zone) - extract(epoch FROM i.at AT TIME ZONE 'UTC'))::int / 60 AS offset
         FROM unnest($1::text[]) AS z (zone), unnest($2::timestamptz[]) AS i (at)`,
        [kept, instants],
      ),
    );
    expect(rows).toHaveLength(2 * kept.length);
    const different = rows.filter(({ zone, at, offset }) => IANAZone.create(zone).offset(at.getTime()) !== offset);
    expect(different).toEqual([]);
    expect(kept.filter((zone) => !isTimeZone(zone))).toEqual([]);
    expect(TIME_ZONES).toEqual(expect.arrayContaining(['Asia/Kolkata', 'Europe/Kyiv', 'America/Argentina/Ushuaia']));
  });

  it('that was kept under a name of before has the one of today after the upgrade', async () => {
    const { id } = await world.aBrand('Acme');
    await world.database.inBrand(id, async (unit) => {
      await unit.run(`UPDATE brands SET time_zone = 'asia/calcutta'`);
      await unit.run(
        `INSERT INTO contacts (brand_id, email, time_zone, created_at, modified_at)
         SELECT $1, z || '@example.com', z, '2026-11-24T09:00Z', '2026-11-24T09:00Z' FROM unnest($2::text[]) z`,
        [id, ['Europe/Kiev', 'US/Eastern', 'Europe/Berlin', 'BST']],
      );
      for (const statement of renamed(['asia/calcutta', 'Europe/Kiev', 'US/Eastern', 'Europe/Berlin', 'BST'])) {
        await unit.run(statement);
      }
      expect(await unit.sql('SELECT time_zone AS zone FROM brands')).toEqual([{ zone: 'Asia/Kolkata' }]);
      expect(await unit.sql('SELECT time_zone AS zone FROM contacts ORDER BY id')).toEqual(
        ['Europe/Kyiv', 'America/New_York', 'Europe/Berlin', 'BST'].map((zone) => ({ zone })),
      );
    });
  });

  it('is read by people as a place or a distance from UTC', () => {
    expect(['America/New_York', 'Etc/GMT-2', '+05:30'].map(zoneLabel)).toEqual([
      'America/New York',
      'UTC+2',
      'UTC+05:30',
    ]);
  });
});
