import { DateTime } from 'luxon';

/** A time as `shared/_when` shows it: how long ago or until then, and the exact instant with its zone. */
export interface Moment {
  iso: string;
  text: string;
  exact: string;
}

export function moment(date: Date, timeZone: string, now: Date): Moment {
  const at = DateTime.fromJSDate(date, { zone: timeZone }).setLocale('en');
  const distance = Math.abs(now.getTime() - date.getTime());
  const text = distance < 10_000 ? 'just now' : at.toRelative({ base: DateTime.fromJSDate(now) });
  return { iso: date.toISOString(), text: text ?? '', exact: at.toFormat('d LLL yyyy, HH:mm:ss ZZZZ') };
}

/** A day of which nothing finer is told: the instant is its midnight in UTC. */
export function dayMoment(midnight: Date): Moment {
  const text = DateTime.fromJSDate(midnight, { zone: 'UTC' }).setLocale('en').toFormat('d LLL yyyy');
  return { iso: midnight.toISOString().slice(0, 10), text, exact: `${text} UTC` };
}

/** `3 May 2027, 14:05 CEST`: for sentences. */
export function exactTime(date: Date, timeZone: string): string {
  return DateTime.fromJSDate(date, { zone: timeZone }).setLocale('en').toFormat('d LLL yyyy, HH:mm ZZZZ');
}

/** `14:05`: for "Saved 14:05". */
export function clockTime(date: Date, timeZone: string): string {
  return DateTime.fromJSDate(date, { zone: timeZone }).setLocale('en').toFormat('HH:mm');
}
