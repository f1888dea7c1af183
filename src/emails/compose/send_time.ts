import { DateTime } from 'luxon';
import { isTimeZone } from '../../platform/calendar/time_zones.js';
import type { SendingPlan } from '../../ledger/sending_plan.js';
import { instantOf, type Written } from './compositions.forms.js';

const HOUR_MS = 3_600_000;
const STEP_MS = 300_000;
const MORNING = 9;

/** One hour from now, at the next five minutes. */
export function inOneHour(now: Date): Date {
  return new Date(Math.ceil((now.getTime() + HOUR_MS) / STEP_MS) * STEP_MS);
}

/** Nine in the morning of the next day by this clock. */
export function tomorrowMorning(now: Date, timeZone: string): Date {
  const today = DateTime.fromJSDate(now, { zone: isTimeZone(timeZone) ? timeZone : 'UTC' }).startOf('day');
  return today.plus({ days: 1 }).set({ hour: MORNING }).toJSDate();
}

/** The instant that the form means, worked out when it is kept; null: at once, or a date that is none. */
export function sendTime({ when, sendOn, following }: Written, timeZone: string, now: Date): Date | null {
  const chosen = following === undefined ? when : following.when;
  if (chosen === 'hour') {
    return inOneHour(now);
  }
  if (chosen === 'tomorrow') {
    return tomorrowMorning(now, timeZone);
  }
  return chosen === 'later' ? (instantOf(sendOn, timeZone) ?? null) : null;
}

/** Tomorrow morning is everybody's own; one hour from now is the same for all. */
export function withChosenZone(plan: SendingPlan, { when, following }: Written): SendingPlan {
  const zones = { hour: 'author', tomorrow: 'recipient' } as const;
  const zone = following === undefined && (when === 'hour' || when === 'tomorrow') ? zones[when] : plan.sendZone;
  return { ...plan, sendZone: zone };
}
