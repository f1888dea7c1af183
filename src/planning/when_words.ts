import type { Distribution } from '../ledger/distribution.entity.js';
import type { DistributionWords, Say } from '../ledger/distribution_words.js';
import { figure } from '../platform/figures.js';
import { afterOpenTime } from './sending_calendar.js';
import { gapMs, type Pace, type SendingWindow } from '../ledger/sending_plan.js';
import { hoursOf, mailsAtOnce } from './timing.js';

const HOUR_MS = 3_600_000;

/** The plan in words, beside the time itself: hours, pace, waves, lateness. */
export function planFacts(distribution: Distribution, { say }: DistributionWords): { label: string; value: string }[] {
  const {
    plan: { window: sendingWindow, pace, waves, lateAfterHours },
  } = distribution;
  const fact = (name: string, value: string | undefined): { label: string; value: string }[] =>
    value === undefined ? [] : [{ label: say(`when_.facts.${name}`), value }];
  return [
    ...fact('hours', sendingWindow === null ? undefined : hoursWords(sendingWindow, distribution.timeZone, say)),
    ...fact('pace', pace === null ? undefined : paceWords(pace, say)),
    ...fact(
      'waves',
      waves === null
        ? undefined
        : [
            say('when_.words.waves', { portions: waves.portions, hours: waves.everyHours }),
            ...(waves.untilFinished === null ? [] : [say('when_.words.until', { n: figure(waves.untilFinished) })]),
          ].join(', '),
    ),
    ...fact(
      'late',
      lateAfterHours === null ? say('when_.words.never') : say('when_.words.late', { n: figure(lateAfterHours) }),
    ),
  ];
}

function hoursWords({ weekdays, from, to, zone }: SendingWindow, timeZone: string, say: Say): string {
  const days =
    weekdays.length === 7 ? say('when_.words.daily') : weekdays.map((day) => say(`when_.day.${day}`)).join(', ');
  return say('when_.words.hours', { days, from, to, zone: say(`when_.words.${zone}`, { zone: timeZone }) });
}

function paceWords(pace: Pace, say: Say): string {
  return pace.kind === 'span'
    ? say('when_.words.span', { n: figure(pace.hours) })
    : say(`when_.words.${pace.per}`, { n: figure(pace.mails) });
}

/** When the last of `mails` leaves at the chosen pace, through hours and waves; undefined where nothing slows it down. */
export function lastMailAt(
  distribution: Distribution,
  { mails, start, holidays }: { mails: number; start: Date; holidays: readonly string[] },
): Date | undefined {
  const {
    timeZone,
    plan: { pace, waves, window: sendingWindow },
  } = distribution;
  if (pace === null && waves === null && sendingWindow === null) {
    return undefined;
  }
  const portion = mailsAtOnce({ plan: { waves }, expectedMails: mails });
  const lastWave = new Date(start.getTime() + ((waves?.portions ?? 1) - 1) * (waves?.everyHours ?? 0) * HOUR_MS);
  const length = gapMs(pace, portion) * Math.max(0, portion - 1);
  return afterOpenTime(hoursOf(distribution, holidays), timeZone, lastWave, length);
}
