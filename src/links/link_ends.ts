import { DateTime } from 'luxon';
import { isCalendarDay } from '../platform/calendar/calendar_range.js';
import { isTimeZone } from '../platform/calendar/time_zones.js';

/** Days that links may last. */
export const MAX_LINK_DAYS = 3650;

/** The last second of the day `yyyy-MM-dd` by the clocks of a zone; undefined for what is no day. */
export function endOfDay(date: string, timeZone: string): Date | undefined {
  const zone = isTimeZone(timeZone) ? timeZone : 'UTC';
  return isCalendarDay(date) ? DateTime.fromISO(date, { zone }).endOf('day').startOf('second').toJSDate() : undefined;
}

/** What is wrong with the day until whose end links are to last, if anything. */
export function lastDayFault(date: string, timeZone: string, now: Date): string | undefined {
  const end = endOfDay(date, timeZone);
  if (end === undefined) {
    return 'Choose a day that exists, such as 2027-12-24.';
  }
  return end > now ? undefined : 'This day is over already. Choose a later one.';
}

/** The days that links last, or undefined for what is no such number. */
export function linkDaysOf(text: string): number | undefined {
  const days = Number(text);
  return /^\d{1,4}$/.test(text) && days >= 1 && days <= MAX_LINK_DAYS ? days : undefined;
}
