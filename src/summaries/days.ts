import { DateTime } from 'luxon';

/** A day of the person who looks: its date, and the instant at which it begins there. */
export interface Day {
  date: DateTime;
  begins: Date;
}

/**
 * The last `count` days in `zone`, today last. A day begins where the calendar says, so one with a clock change has 23
 * or 25 hours, and one whose midnight does not exist begins an hour later.
 */
export function lastDays(now: Date, zone: string, count: number): Day[] {
  const local = DateTime.fromJSDate(now, { zone });
  const today = (local.isValid ? local : DateTime.fromJSDate(now, { zone: 'utc' })).startOf('day');
  return Array.from({ length: count }, (_, index) => {
    const date = today.minus({ days: count - 1 - index }).startOf('day');
    return { date, begins: date.toJSDate() };
  });
}
