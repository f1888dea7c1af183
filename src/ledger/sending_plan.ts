/** Whose clock counts; recipients without a time zone of their own go by the author's. */
export type ZoneOf = 'author' | 'recipient';

/** Hours of the week in which mails may leave; the rest are quiet hours. */
export interface SendingWindow {
  /** 1 Monday to 7 Sunday: the days on which it opens. */
  weekdays: number[];
  /** `HH:mm`; when `to` is not after `from` it closes on the next day. */
  from: string;
  to: string;
  zone: ZoneOf;
  /** `yyyy-MM-dd`, besides the brand's own. */
  holidays: string[];
}

/** At most so many mails, or all of them spread evenly over some hours. */
export type Pace = { kind: 'rate'; mails: number; per: 'minute' | 'hour' } | { kind: 'span'; hours: number };

/** Portions of the audience, one after the other. */
export interface Waves {
  portions: number;
  everyHours: number;
  /** No further wave once so many have finished the survey. */
  untilFinished: number | null;
}

/** When the mails of a distribution leave. */
export interface SendingPlan {
  sendZone: ZoneOf;
  window: SendingWindow | null;
  pace: Pace | null;
  waves: Waves | null;
  /** So many hours late it asks before it sends; null: never. */
  lateAfterHours: number | null;
  duplicates: 'first' | 'all';
}

/** How late an invitation may be before somebody is asked. */
export const LATE_AFTER_HOURS = 6;

export const AT_ONCE: SendingPlan = {
  sendZone: 'author',
  window: null,
  pace: null,
  waves: null,
  lateAfterHours: LATE_AFTER_HOURS,
  duplicates: 'first',
};

const HOUR_MS = 3_600_000;

/** Milliseconds from one mail to the next when `mails` are sent at this pace. */
export function gapMs(pace: Pace | null, mails: number): number {
  if (pace === null) {
    return 0;
  }
  if (pace.kind === 'span') {
    return mails === 0 ? 0 : (pace.hours * HOUR_MS) / mails;
  }
  return (pace.per === 'hour' ? HOUR_MS : HOUR_MS / 60) / pace.mails;
}
