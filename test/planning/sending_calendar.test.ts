import fc from 'fast-check';
import { DateTime } from 'luxon';
import { addDays, localDate, localTime, wallInstant } from '../../src/platform/calendar/wall_clock.js';
import { afterOpenTime, isOpen, nextOpen, type OpeningHours, openings } from '../../src/planning/sending_calendar.js';

const HOUR_MS = 3_600_000;
const OFFICE: OpeningHours = { weekdays: [1, 2, 3, 4, 5], from: '09:00', to: '17:00', holidays: [] };
const DAILY: OpeningHours = { ...OFFICE, weekdays: [1, 2, 3, 4, 5, 6, 7] };

/** First openings as wall clocks in the zone show them. */
function shown(hours: OpeningHours, zone: string, at: string, count: number): string[] {
  const lines: string[] = [];
  for (const { from, to } of openings(hours, zone, new Date(at))) {
    lines.push(`${localDate(from, zone)} ${localTime(from, zone)}–${localTime(to, zone)}`);
    if (lines.length === count) {
      break;
    }
  }
  return lines;
}

describe('the instant of a wall clock', () => {
  it.each([
    ['Europe/Berlin', '2026-03-29', '02:30', '2026-03-29T01:30:00.000Z', '03:30'],
    ['Europe/Berlin', '2026-10-25', '02:30', '2026-10-25T01:30:00.000Z', '02:30'],
    ['America/Sao_Paulo', '2018-11-04', '00:00', '2018-11-04T03:00:00.000Z', '01:00'],
    ['America/Sao_Paulo', '2018-02-17', '23:30', '2018-02-18T02:30:00.000Z', '23:30'],
    ['Australia/Lord_Howe', '2026-10-04', '02:15', '2026-10-03T15:45:00.000Z', '02:45'],
    ['Australia/Lord_Howe', '2026-04-05', '01:45', '2026-04-04T15:15:00.000Z', '01:45'],
    ['Pacific/Kiritimati', '2026-06-01', '09:00', '2026-05-31T19:00:00.000Z', '09:00'],
    ['Pacific/Apia', '2011-12-30', '12:00', '2011-12-30T22:00:00.000Z', '12:00'],
    ['America/Sao_Paulo', '2026-11-01', '00:00', '2026-11-01T03:00:00.000Z', '00:00'],
  ])('in %s on %s at %s is %s, and clocks show %s', (zone, date, time, instant, clock) => {
    const at = wallInstant(date, time, zone);
    expect(at.toISOString()).toBe(instant);
    expect(localTime(at, zone)).toBe(clock);
  });

  it('is shown again by that wall clock, wherever the reading exists', () => {
    const zones = ['Europe/Berlin', 'America/Sao_Paulo', 'Australia/Lord_Howe', 'Pacific/Kiritimati', 'Asia/Kolkata'];
    fc.assert(
      fc.property(fc.constantFrom(...zones), fc.integer({ min: 0, max: 20 * 366 * 24 * 60 }), (zone, minute) => {
        const wall = DateTime.utc(2015).plus({ minutes: minute });
        const at = wallInstant(wall.toFormat('yyyy-MM-dd'), wall.toFormat('HH:mm'), zone);
        const back = DateTime.fromJSDate(at, { zone });
        const gap = back.setZone('utc', { keepLocalTime: true }).diff(wall).as('minutes');
        return gap === 0 || gap === 60 || gap === 30;
      }),
    );
  });
});

describe('sending hours', () => {
  it('stay at the same wall clock when the clocks change', () => {
    expect(shown(DAILY, 'Europe/Berlin', '2026-03-28T12:00:00Z', 3)).toEqual([
      '2026-03-28 09:00–17:00',
      '2026-03-29 09:00–17:00',
      '2026-03-30 09:00–17:00',
    ]);
    const [before, after] = [...openings(DAILY, 'Europe/Berlin', new Date('2026-03-28T12:00:00Z'))].slice(0, 2);
    expect(after!.from.getTime() - before!.from.getTime()).toBe(23 * HOUR_MS);
  });

  it('open later in a gap and only once in an overlap', () => {
    const night = { ...DAILY, from: '02:30', to: '04:00' };
    expect(shown(night, 'Europe/Berlin', '2026-03-28T12:00:00Z', 1)).toEqual(['2026-03-29 03:30–04:00']);
    const overlap = [...openings(night, 'Europe/Berlin', new Date('2026-10-24T12:00:00Z'))].slice(0, 2);
    expect(overlap.map(({ from }) => from.toISOString())).toEqual([
      '2026-10-25T01:30:00.000Z',
      '2026-10-26T01:30:00.000Z',
    ]);
  });

  it('may go over midnight, and belong to the day on which they open', () => {
    const late = { ...OFFICE, weekdays: [5], from: '22:00', to: '02:00' };
    expect(shown(late, 'UTC', '2026-11-23T00:00:00Z', 2)).toEqual(['2026-11-27 22:00–02:00', '2026-12-04 22:00–02:00']);
    expect(isOpen(late, 'UTC', new Date('2026-11-28T01:59:00Z'))).toBe(true);
    expect(isOpen(late, 'UTC', new Date('2026-11-28T02:00:00Z'))).toBe(false);
  });

  it('skip weekends and holidays, and end at the midnight that begins a holiday', () => {
    const holidays = ['2026-12-25'];
    expect(shown({ ...OFFICE, holidays }, 'UTC', '2026-12-24T18:00:00Z', 1)).toEqual(['2026-12-28 09:00–17:00']);
    const late = { ...DAILY, from: '22:00', to: '06:00', holidays };
    expect(shown(late, 'UTC', '2026-12-24T20:00:00Z', 2)).toEqual(['2026-12-24 22:00–00:00', '2026-12-26 22:00–06:00']);
  });

  it('are open all day from a time to the same time', () => {
    const always = { ...DAILY, from: '00:00', to: '00:00' };
    expect(isOpen(always, 'America/Sao_Paulo', new Date('2018-11-04T02:59:59Z'))).toBe(true);
    expect(isOpen(always, 'America/Sao_Paulo', new Date('2018-11-04T03:00:00Z'))).toBe(true);
  });

  it('never open when every day is a day off', () => {
    expect(nextOpen({ ...OFFICE, weekdays: [] }, 'UTC', new Date('2026-11-23T00:00:00Z'))).toBeUndefined();
  });

  const hours = fc.record({
    weekdays: fc.subarray([1, 2, 3, 4, 5, 6, 7], { minLength: 1 }),
    from: fc.constantFrom('00:00', '02:15', '09:00', '22:00'),
    to: fc.constantFrom('00:00', '02:45', '06:00', '17:30', '23:59'),
    holidays: fc.array(
      fc.integer({ min: 0, max: 40 }).map((day) => addDays('2026-03-20', day)),
      { maxLength: 5 },
    ),
  });
  const zone = fc.constantFrom('Europe/Berlin', 'Australia/Lord_Howe', 'Pacific/Kiritimati', 'America/New_York', 'UTC');
  const moment = fc
    .integer({ min: 0, max: 60 * 24 * 60 })
    .map((minute) => new Date(Date.UTC(2026, 2, 1) + minute * 60_000));

  it('are open at the next opening, closed just before it, and closed on holidays', () => {
    fc.assert(
      fc.property(hours, zone, moment, (open, place, at) => {
        const next = nextOpen(open, place, at)!;
        expect(next >= at && isOpen(open, place, next)).toBe(true);
        expect(open.holidays).not.toContain(localDate(next, place));
        expect(next.getTime() === at.getTime() || !isOpen(open, place, at)).toBe(true);
        expect(nextOpen(open, place, next)).toEqual(next);
      }),
    );
  });

  it('never lose or invent open time', () => {
    fc.assert(
      fc.property(hours, zone, moment, fc.integer({ min: 1, max: 20 * 3600 }), (open, place, at, seconds) => {
        const end = afterOpenTime(open, place, at, seconds * 1000)!;
        let passed = 0;
        for (const { from, to } of openings(open, place, at)) {
          passed += Math.max(0, Math.min(end.getTime(), to.getTime()) - Math.max(at.getTime(), from.getTime()));
          if (to >= end) {
            break;
          }
        }
        expect(passed).toBe(seconds * 1000);
      }),
      { numRuns: 60 },
    );
  });
});
