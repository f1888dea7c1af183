import type { Distribution } from '../ledger/distribution.entity.js';
import type { FirstLeave } from '../audiences/latecomers.sql.js';
import { addDays, localDate, localTime, wallInstant } from '../platform/calendar/wall_clock.js';
import { type Interval, nextOpen, type OpeningHours, openings, openTime } from './sending_calendar.js';
import { gapMs, type SendingPlan } from '../ledger/sending_plan.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** How far the hours of recipients' zones are looked up beyond the length of the sending. */
const AHEAD_MS = 35 * DAY_MS;
/** Where it begins last; nobody lives there. */
const LAST_ZONE = 'Etc/GMT+12';

/** When mails may leave in one zone: its local start, and its openings as seconds since 1970. */
export interface ZoneTimes {
  zone: string;
  at: number;
  froms: number[];
  tos: number[];
}

/** When the mails that are released at `start` leave: the first at once, each further one a gap later. */
export interface Timing {
  start: Date;
  gapMs: number;
  /** By the author's clock: the stretches that hold all of it. */
  open: Interval[];
  /** By recipients' clocks; undefined where nobody asks for those. */
  zones?: ZoneTimes[];
}

/** Of each zone that is known and of the last on earth; of the author's alone, where no other clock counts. */
export function firstLeaves({ start, open, zones }: Timing, author: string): FirstLeave[] {
  if (zones === undefined) {
    return [{ zone: author, at: open[0]?.from ?? start }];
  }
  return zones.map(({ zone, at, froms, tos }) => {
    const opening = tos.findIndex((to) => to > at);
    return { zone, at: new Date(Math.max(at, froms[opening] ?? at) * 1000) };
  });
}

/** The hours of a distribution, with the brand's days off. */
export function hoursOf(
  { plan: { window } }: { plan: Pick<SendingPlan, 'window'> },
  holidays: readonly string[],
): OpeningHours | null {
  return window === null ? null : { ...window, holidays: [...window.holidays, ...holidays] };
}

/** When the author's sending hours begin again; undefined while they last, and where each recipient has others. */
export function opensAgainAt(distribution: Distribution, holidays: readonly string[], now: Date): Date | undefined {
  const hours = hoursOf(distribution, holidays);
  if (hours === null || distribution.plan.window?.zone === 'recipient') {
    return undefined;
  }
  const at = nextOpen(hours, distribution.timeZone, now);
  return at === undefined || at <= now ? undefined : at;
}

/** Whether recipients' own clocks count for anything. */
export function asksForZones({ plan: { sendZone, window: sendingWindow } }: Distribution): boolean {
  return sendZone === 'recipient' || sendingWindow?.zone === 'recipient';
}

/** Mails that are released at once: all, or those of one wave. */
export function mailsAtOnce({
  plan: { waves },
  expectedMails,
}: Pick<Distribution, 'expectedMails'> & { plan: Pick<SendingPlan, 'waves'> }): number {
  return Math.ceil(expectedMails / (waves?.portions ?? 1));
}

/**
 * @param mails how many are released now
 * @param holidays the brand's days off
 */
export function timingOf(
  distribution: Distribution,
  { start, mails, holidays }: { start: Date; mails: number; holidays: readonly string[] },
): Timing {
  const hours = hoursOf(distribution, holidays);
  const gap = gapMs(distribution.plan.pace, mailsAtOnce(distribution));
  const length = gap * Math.max(0, mails - 1);
  const { timeZone } = distribution;
  if (!asksForZones(distribution)) {
    return { start, gapMs: gap, open: openTime(hours, timeZone, start, length + 1) };
  }
  const until = new Date(start.getTime() + length + AHEAD_MS);
  const names = [...new Set([timeZone, ...distribution.zones, LAST_ZONE])];
  const zones = names.map((zone) => zoneTimes(distribution, { zone, hours, start, until }));
  return { start, gapMs: gap, open: [], zones };
}

/**
 * The schedule's wall clock time in a zone. Where that is over by more than the sending may be late, it is the same time
 * of the next day; where it is over by less, it is now.
 */
export function localStart(
  {
    sendAt,
    timeZone,
    plan: { lateAfterHours },
  }: Pick<Distribution, 'sendAt' | 'timeZone'> & { plan: Pick<SendingPlan, 'lateAfterHours'> },
  zone: string,
  now: Date,
): Date {
  if (sendAt === null) {
    return now;
  }
  const [date, time] = [localDate(sendAt, timeZone), localTime(sendAt, timeZone)];
  const at = wallInstant(date, time, zone);
  const latest = at.getTime() + (lateAfterHours ?? 24) * HOUR_MS;
  if (latest < now.getTime()) {
    const next = wallInstant(addDays(date, 1), time, zone);
    return next > now ? next : now;
  }
  return at > now ? at : now;
}

function zoneTimes(
  distribution: Distribution,
  { zone, hours, start, until }: { zone: string; hours: OpeningHours | null; start: Date; until: Date },
): ZoneTimes {
  const at = distribution.plan.sendZone === 'recipient' ? localStart(distribution, zone, start) : start;
  const times: ZoneTimes = { zone, at: at.getTime() / 1000, froms: [], tos: [] };
  if (hours === null) {
    return times;
  }
  const clock = distribution.plan.window?.zone === 'recipient' ? zone : distribution.timeZone;
  for (const { from, to } of openings(hours, clock, at)) {
    times.froms.push(from.getTime() / 1000);
    times.tos.push(to.getTime() / 1000);
    if (from > until) {
      break;
    }
  }
  return times;
}
