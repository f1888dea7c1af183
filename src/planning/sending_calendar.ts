import { addDays, localDate, wallInstant } from '../platform/calendar/wall_clock.js';

/** A window that does not open within so many days is told never to open. */
const HORIZON_DAYS = 800;

/** Hours of the week and days off, without a zone. */
export interface OpeningHours {
  weekdays: readonly number[];
  from: string;
  to: string;
  holidays: readonly string[];
}

/** From an instant up to, and not including, another one. */
export interface Interval {
  from: Date;
  to: Date;
}

/** The times in which it is open from `at` on, in order; the first one may have begun before. */
export function* openings(hours: OpeningHours, zone: string, at: Date): Generator<Interval> {
  const first = addDays(localDate(at, zone), -1);
  for (let day = 0; day <= HORIZON_DAYS; day += 1) {
    const opening = openingOf(hours, zone, addDays(first, day));
    if (opening !== undefined && opening.to > at) {
      yield opening;
    }
  }
}

/** The first moment not before `at` at which it is open; undefined when it never is again. */
export function nextOpen(hours: OpeningHours, zone: string, at: Date): Date | undefined {
  for (const { from } of openings(hours, zone, at)) {
    return from > at ? from : at;
  }
  return undefined;
}

export function isOpen(hours: OpeningHours, zone: string, at: Date): boolean {
  return nextOpen(hours, zone, at)?.getTime() === at.getTime();
}

/** The openings from `at` on that hold `lengthMs` of open time together, the first one cut at `at`. */
export function openTime(hours: OpeningHours | null, zone: string, at: Date, lengthMs: number): Interval[] {
  if (hours === null) {
    return [{ from: at, to: new Date(at.getTime() + lengthMs) }];
  }
  const intervals: Interval[] = [];
  let missing = lengthMs;
  for (const { from, to } of openings(hours, zone, at)) {
    const begin = from > at ? from : at;
    intervals.push({ from: begin, to });
    missing -= to.getTime() - begin.getTime();
    if (missing <= 0) {
      return intervals;
    }
  }
  return intervals;
}

/** When `lengthMs` of open time after `at` are over; undefined beyond the horizon. */
export function afterOpenTime(hours: OpeningHours | null, zone: string, at: Date, lengthMs: number): Date | undefined {
  let missing = lengthMs;
  for (const { from, to } of openTime(hours, zone, at, lengthMs)) {
    const length = to.getTime() - from.getTime();
    if (missing <= length) {
      return new Date(from.getTime() + missing);
    }
    missing -= length;
  }
  return undefined;
}

/** One opening belongs to the day on which it begins; a day off ends one that came over midnight. */
function openingOf(hours: OpeningHours, zone: string, date: string): Interval | undefined {
  const { weekdays, from, to, holidays } = hours;
  if (!weekdays.includes(weekdayOf(date)) || holidays.includes(date)) {
    return undefined;
  }
  const next = addDays(date, 1);
  const isOverMidnight = to <= from;
  const end = isOverMidnight && !holidays.includes(next) ? to : isOverMidnight ? '00:00' : to;
  const opening = {
    from: wallInstant(date, from, zone),
    to: wallInstant(isOverMidnight ? next : date, end, zone),
  };
  return opening.from < opening.to ? opening : undefined;
}

function weekdayOf(date: string): number {
  return new Date(`${date}T00:00:00Z`).getUTCDay() || 7;
}
