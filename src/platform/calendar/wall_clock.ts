import { IANAZone } from 'luxon';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/**
 * The instant of a wall clock reading. A reading that spring skips is as much later as the clocks jump (02:30 becomes
 * 03:30); one that autumn repeats is the second of the two.
 * @param date `yyyy-MM-dd` @param time `HH:mm`
 */
export function wallInstant(date: string, time: string, zone: string): Date {
  const wall = Date.parse(`${date}T${time}:00Z`);
  const place = IANAZone.create(zone);
  const [before, after] = [place.offset(wall - DAY_MS) * MINUTE_MS, place.offset(wall + DAY_MS) * MINUTE_MS];
  const fitting = [wall - before, wall - after].filter((at) => at + place.offset(at) * MINUTE_MS === wall);
  return new Date(fitting.length === 0 ? wall - before : Math.max(...fitting));
}

/** The day that a calendar in this zone shows, `yyyy-MM-dd`. */
export function localDate(at: Date, zone: string): string {
  return dateOf(at.getTime() + IANAZone.create(zone).offset(at.getTime()) * MINUTE_MS);
}

/** `HH:mm` on a wall in this zone. */
export function localTime(at: Date, zone: string): string {
  const wall = at.getTime() + IANAZone.create(zone).offset(at.getTime()) * MINUTE_MS;
  return new Date(wall).toISOString().slice(11, 16);
}

/** `days` later on the calendar, however long those days are. */
export function addDays(date: string, days: number): string {
  return dateOf(Date.parse(`${date}T00:00:00Z`) + days * DAY_MS);
}

function dateOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
