import { DateTime } from 'luxon';
import { CALENDAR_WORDS, isInCalendar } from '../../platform/calendar/calendar_range.js';
import { Invalid } from '../../platform/errors.js';

/** An instant as a date-and-time field holds it, in the survey's zone; empty for none. */
export function fieldTime(date: Date | null, zone: string): string {
  return date === null ? '' : DateTime.fromJSDate(date, { zone }).toFormat("yyyy-MM-dd'T'HH:mm");
}

/**
 * The instant that a date-and-time field means in a zone; null for an empty field. Hours that a change of clocks
 * leaves out are read as the hour after.
 * @throws {Invalid} under `name` for what is no time
 */
export function instantOf(typed: string, zone: string, name: string): Date | null {
  if (typed === '') {
    return null;
  }
  const time = DateTime.fromISO(typed, { zone });
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?$/.test(typed) || !time.isValid) {
    throw new Invalid('That is not a time.', { [name]: 'Give a date and a time, or leave both empty.' });
  }
  if (!isInCalendar(time.toJSDate())) {
    throw new Invalid('That is not a time.', { [name]: `Give another date: ${CALENDAR_WORDS}.` });
  }
  return time.toJSDate();
}
