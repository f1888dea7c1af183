import { z } from 'zod';
import { AT_ONCE, type Pace, type SendingPlan, type SendingWindow, type Waves, type ZoneOf } from './sending_plan.js';

/** The part "When" of the form, as it was typed. */
export interface WrittenPlan {
  sendZone: ZoneOf;
  hasHours: boolean;
  hoursDays: string[];
  hoursFrom: string;
  hoursTo: string;
  hoursZone: ZoneOf;
  holidays: string;
  pace: 'full' | 'minute' | 'hour' | 'span';
  paceNumber: string;
  hasWaves: boolean;
  wavePortions: string;
  waveHours: string;
  waveUntil: string;
  lateHours: string;
  duplicates: 'first' | 'all';
}

export const WEEKDAYS = ['1', '2', '3', '4', '5', '6', '7'] as const;
const WORKDAYS = ['1', '2', '3', '4', '5'];
const MOST_HOURS = 8760;
const MOST_PORTIONS = 100;
const MOST_HOLIDAYS = 200;

const text = (limit: number, otherwise = '') =>
  z
    .string()
    .catch(otherwise)
    .transform((typed) => typed.replaceAll('\0', '').trim().slice(0, limit));
const ticked = z
  .string()
  .optional()
  .catch(undefined)
  .transform((value) => value === 'on');
const zone = z.enum(['author', 'recipient']).catch('author');

/** Fields of the form; takes whatever was typed. */
export const writePlan = {
  sendZone: zone,
  hasHours: ticked,
  hoursDays: z
    .union([z.string().transform((one) => [one]), z.array(z.string())])
    .catch([])
    .transform((days) => WEEKDAYS.filter((day) => days.includes(day)) as string[]),
  hoursFrom: text(5),
  hoursTo: text(5),
  hoursZone: zone,
  holidays: text(4000),
  pace: z.enum(['full', 'minute', 'hour', 'span']).catch('full'),
  paceNumber: text(10),
  hasWaves: ticked,
  wavePortions: text(5),
  waveHours: text(5),
  waveUntil: text(9),
  lateHours: text(5),
  duplicates: z.enum(['first', 'all']).catch('first'),
};

/** A plan as the form shows it. */
export function writtenPlan(plan: SendingPlan = AT_ONCE): WrittenPlan {
  const { sendZone, window, pace, waves, lateAfterHours, duplicates } = plan;
  return {
    sendZone,
    hasHours: window !== null,
    hoursDays: window?.weekdays.map(String) ?? WORKDAYS,
    hoursFrom: window?.from ?? '09:00',
    hoursTo: window?.to ?? '18:00',
    hoursZone: window?.zone ?? 'author',
    holidays: window?.holidays.join('\n') ?? '',
    ...writtenPace(pace),
    hasWaves: waves !== null,
    wavePortions: String(waves?.portions ?? 4),
    waveHours: String(waves?.everyHours ?? 24),
    waveUntil: waves?.untilFinished == null ? '' : String(waves.untilFinished),
    lateHours: lateAfterHours === null ? '' : String(lateAfterHours),
    duplicates,
  };
}

/** What was typed, as a plan; what is no number has its usual value. */
export function planOf(written: WrittenPlan): SendingPlan {
  const { sendZone, duplicates, lateHours } = written;
  return {
    sendZone,
    window: windowOf(written),
    pace: paceOf(written),
    waves: wavesOf(written),
    lateAfterHours: lateHours === '' ? null : (wholeOf(lateHours, MOST_HOURS) ?? AT_ONCE.lateAfterHours),
    duplicates,
  };
}

/** One message for each field that says something impossible. */
export function planFaults(written: WrittenPlan): Record<string, string> {
  const { hasHours, hoursDays, hoursFrom, hoursTo, holidays, pace, paceNumber, hasWaves, lateHours } = written;
  const { wavePortions, waveHours, waveUntil } = written;
  const faults: [string, boolean, string][] = [
    ['hoursDays', hasHours && hoursDays.length === 0, 'Choose at least one day.'],
    ['hoursFrom', hasHours && !isTime(hoursFrom), 'Write a time such as 09:00.'],
    ['hoursTo', hasHours && !isTime(hoursTo), 'Write a time such as 18:00.'],
    ['holidays', hasHours && datesOf(holidays) === undefined, 'Write dates such as 2027-12-24, one on each line.'],
    ['paceNumber', pace !== 'full' && wholeOf(paceNumber, mostOf(pace)) === undefined, paceFault(pace)],
    ['wavePortions', hasWaves && !((wholeOf(wavePortions, MOST_PORTIONS) ?? 0) >= 2), 'From 2 to 100 waves.'],
    ['waveHours', hasWaves && wholeOf(waveHours, MOST_HOURS) === undefined, 'Write a whole number of hours.'],
    ['waveUntil', hasWaves && waveUntil !== '' && wholeOf(waveUntil, 1e8) === undefined, 'Write a whole number.'],
    ['lateHours', lateHours !== '' && wholeOf(lateHours, MOST_HOURS) === undefined, 'Write a whole number of hours.'],
  ];
  return Object.fromEntries(faults.flatMap(([name, isWrong, message]) => (isWrong ? [[name, message]] : [])));
}

function writtenPace(pace: Pace | null): Pick<WrittenPlan, 'pace' | 'paceNumber'> {
  if (pace === null) {
    return { pace: 'full', paceNumber: '' };
  }
  return pace.kind === 'span'
    ? { pace: 'span', paceNumber: String(pace.hours) }
    : { pace: pace.per, paceNumber: String(pace.mails) };
}

function windowOf({ hasHours, hoursDays, hoursFrom, hoursTo, hoursZone, holidays }: WrittenPlan): SendingWindow | null {
  const isWhole = hasHours && hoursDays.length > 0 && isTime(hoursFrom) && isTime(hoursTo);
  return isWhole
    ? {
        weekdays: hoursDays.map(Number),
        from: hoursFrom,
        to: hoursTo,
        zone: hoursZone,
        holidays: datesOf(holidays) ?? [],
      }
    : null;
}

function paceOf({ pace, paceNumber }: WrittenPlan): Pace | null {
  const number = wholeOf(paceNumber, mostOf(pace));
  if (pace === 'full' || number === undefined) {
    return null;
  }
  return pace === 'span' ? { kind: 'span', hours: number } : { kind: 'rate', mails: number, per: pace };
}

function wavesOf({ hasWaves, wavePortions, waveHours, waveUntil }: WrittenPlan): Waves | null {
  const [portions, everyHours] = [wholeOf(wavePortions, MOST_PORTIONS), wholeOf(waveHours, MOST_HOURS)];
  return hasWaves && portions !== undefined && portions >= 2 && everyHours !== undefined
    ? { portions, everyHours, untilFinished: wholeOf(waveUntil, 1e8) ?? null }
    : null;
}

/** A whole number from 1. */
function wholeOf(typed: string, most: number): number | undefined {
  const number = Number(typed);
  return /^\d{1,9}$/.test(typed) && number >= 1 && number <= most ? number : undefined;
}

function mostOf(pace: WrittenPlan['pace']): number {
  return pace === 'span' ? 24 * 90 : 10_000_000;
}

function paceFault(pace: WrittenPlan['pace']): string {
  return pace === 'span' ? 'Write a whole number of hours, up to 2,160.' : 'Write a whole number of e-mails.';
}

function isTime(typed: string): boolean {
  return /^([01]\d|2[0-3]):[0-5]\d$/.test(typed);
}

/** Days off, or undefined when one of the lines is no date. */
export function datesOf(typed: string): string[] | undefined {
  const dates = [...new Set(typed.split(/[\s,;]+/).filter((date) => date !== ''))];
  const areDates = dates.every(
    (date) => /^\d{4}-\d{2}-\d{2}$/.test(date) && new Date(`${date}T00:00:00Z`).toJSON()?.startsWith(date) === true,
  );
  return areDates && dates.length <= MOST_HOLIDAYS ? dates.sort() : undefined;
}
