import fc from 'fast-check';
import { laterOnTheWall } from '../../../src/audiences/wall_days.js';
import { localDate, localTime } from '../../../src/platform/calendar/wall_clock.js';
import { isOpen, nextOpen } from '../../../src/planning/sending_calendar.js';
import { TIME_ZONES } from '../../../src/platform/calendar/time_zones.js';

const HOUR_MS = 3_600_000;
const at = fc
  .integer({ min: Date.parse('2026-01-01T00:00Z'), max: Date.parse('2028-12-31T00:00Z') })
  .map((ms) => new Date(ms));
const zone = fc.constantFrom(...TIME_ZONES);

/** What the wall shows, as something that grows. */
const wall = (instant: Date, there: string): string => `${localDate(instant, there)} ${localTime(instant, there)}`;

describe('days after a mail', () => {
  it.each([
    ['2027-03-25T09:07:30Z', 72, 'Europe/Berlin', '2027-03-28T08:07:30Z'], // the clocks go forward in between
    ['2027-03-27T01:30:00Z', 24, 'Europe/Berlin', '2027-03-28T01:30:00Z'], // 02:30 is skipped that day: 03:30
    ['2027-10-28T08:07:30Z', 72, 'Europe/Berlin', '2027-10-31T09:07:30Z'], // and back
    ['2027-10-28T08:00:00Z', 74, 'Europe/Berlin', '2027-10-31T11:00:00Z'],
    ['2027-03-25T09:00:00Z', 72, 'Asia/Kolkata', '2027-03-28T09:00:00Z'],
    ['2027-03-25T09:00:00Z', 5, 'Europe/Berlin', '2027-03-25T14:00:00Z'],
  ])('%s and %d hours on a wall in %s are over at %s', (mailed, hours, there, due) => {
    expect(laterOnTheWall(new Date(mailed), hours, there)).toEqual(new Date(due));
  });

  it('are over at the same time of the wall as the mail, or as much later as the clocks jump; never before', () => {
    fc.assert(
      fc.property(at, fc.integer({ min: 1, max: 60 }), zone, (mailed, days, there) => {
        const due = laterOnTheWall(mailed, days * 24, there);
        const [then, now] = [localTime(mailed, there), localTime(due, there)];
        expect(Math.round((Date.parse(localDate(due, there)) - Date.parse(localDate(mailed, there))) / 864e5)).toBe(
          days,
        );
        expect(now >= then).toBe(true);
        expect(Math.abs(due.getTime() - mailed.getTime() - days * 24 * HOUR_MS)).toBeLessThanOrEqual(2 * HOUR_MS);
      }),
      { numRuns: 500 },
    );
  });

  it('never end within hours that are closed once they wait for the next opening', () => {
    const hours = fc.record({
      weekdays: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
      from: fc.constantFrom('06:00', '09:00', '22:00'),
      to: fc.constantFrom('09:30', '18:00', '02:00'),
      holidays: fc.constantFrom([], ['2027-03-29', '2027-12-24']),
    });
    fc.assert(
      fc.property(at, fc.integer({ min: 1, max: 500 }), zone, hours, (mailed, after, there, window) => {
        const due = laterOnTheWall(mailed, after, there);
        const leaves = nextOpen(window, there, due);
        expect(leaves === undefined || (leaves >= due && isOpen(window, there, leaves))).toBe(true);
        expect(wall(due, there) >= wall(mailed, there) || after < 3).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});
