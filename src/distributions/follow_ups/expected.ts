import { hoursOf } from '../../planning/timing.js';
import { nextOpen } from '../../planning/sending_calendar.js';
import type { Kin } from './kin.sql.js';
import { laterOnTheWall } from '../../audiences/wall_days.js';

/** The first and the last time at which somebody is due. */
export interface Span {
  from: Date;
  to: Date;
}

const OPEN = ['scheduled', 'planning', 'sending', 'held', 'paused'];

/**
 * About when a follow-up that counts days goes out: from the times of the sending that it counts from, within its hours.
 * Undefined where it does not count, or nobody knows yet when that sending is.
 */
export function expectedSpan(followUp: Kin, family: readonly Kin[], holidays: readonly string[]): Span | undefined {
  const { afterHours, timeZone, nextRoundAt, sendAt } = followUp;
  const counted = afterHours === null || sendAt !== null ? undefined : countedFrom(followUp, family);
  const base = counted === undefined ? undefined : spanOf(counted, family, holidays);
  if (base === undefined || counted === undefined || afterHours === null) {
    return undefined;
  }
  const hours = hoursOf(followUp, holidays);
  const opens = (at: Date): Date => (hours === null ? at : (nextOpen(hours, timeZone, at) ?? at));
  const [from, to] = [base.from, base.to].map((at) => opens(laterOnTheWall(at, afterHours, timeZone)));
  // Once nothing of that sending is under way, the next round is known exactly.
  const isExact = nextRoundAt !== null && !OPEN.includes(counted.status);
  return isExact ? { from: opens(nextRoundAt), to: later(opens(nextRoundAt), to!) } : { from: from!, to: to! };
}

/** The last reminder before it that went or will go, where it counts from that; else the invitation. */
function countedFrom({ id, parentId, afterWhat }: Kin, family: readonly Kin[]): Kin | undefined {
  const reminders = family.filter(
    (one) =>
      one.parentId === parentId &&
      one.requestType === 'Reminder' &&
      (one.sentAt !== null || OPEN.includes(one.status)) &&
      (id === undefined || BigInt(one.id) < BigInt(id)),
  );
  const last = afterWhat === 'last_reminder' ? reminders.at(-1) : undefined;
  return last ?? family.find((one) => one.id === parentId);
}

function spanOf(sending: Kin, family: readonly Kin[], holidays: readonly string[]): Span | undefined {
  const { sentAt, sendAt, finishedAt, timeZone } = sending;
  const start = sentAt ?? sendAt;
  if (start === null) {
    return expectedSpan(sending, family, holidays);
  }
  const hours = hoursOf(sending, holidays);
  const from = hours === null ? start : (nextOpen(hours, timeZone, start) ?? start);
  return { from, to: finishedAt === null ? from : later(from, finishedAt) };
}

function later(one: Date, other: Date): Date {
  return one > other ? one : other;
}
