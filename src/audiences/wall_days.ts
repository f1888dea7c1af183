import { addDays, localDate, localTime, wallInstant } from '../platform/calendar/wall_clock.js';

const HOUR_MS = 3_600_000;
/** Zones change by quarters of an hour at the finest: within one, everybody's days are of the same length. */
export const SLOT_SECONDS = 900;

/**
 * The instant that many hours after another one: whole days by the wall clock of the zone, however long those days are,
 * and what is left of a day as time that passes.
 */
export function laterOnTheWall(at: Date, hours: number, zone: string): Date {
  const days = Math.floor(hours / 24);
  const slot = new Date(Math.floor(at.getTime() / (SLOT_SECONDS * 1000)) * SLOT_SECONDS * 1000);
  const there = days === 0 ? slot : wallInstant(addDays(localDate(slot, zone), days), localTime(slot, zone), zone);
  return new Date(there.getTime() + (at.getTime() - slot.getTime()) + (hours % 24) * HOUR_MS);
}
