import { z } from 'zod';
import { asWritten, ticked } from '../platform/web/form_atoms.js';
import { isCalendarDay } from '../platform/calendar/calendar_range.js';
import {
  AT_ONCE,
  type Pace,
  type SendingPlan,
  type SendingWindow,
  type Waves,
  type ZoneOf,
} from '../ledger/sending_plan.js';

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
export const MOST_HOURS = 8760;
export const MOST_PORTIONS = 100;
export const MOST_FINISHED = 100_000_000;
const MOST_HOLIDAYS = 200;

const zone = z.enum(['author', 'recipient']).catch('author');

/** Fields of the form; takes whatever was typed. */
export const writePlan = {
  sendZone: zone,
  hasHours: ticked,
  hoursDays: z
    .union([z.string().transform((one) => [one]), z.array(z.string())])
    .catch([])
    .transform((days) => WEEKDAYS.filter((day) => days.includes(day)) as string[]),
  hoursFrom: asWritten(5),
  hoursTo: asWritten(5),
  hoursZone: zone,
  holidays: asWritten(4000),
  pace: z.enum(['full', 'minute', 'hour', 'span']).catch('full'),
  paceNumber: asWritten(10),
  hasWaves: ticked,
  wavePortions: asWritten(5),
  waveHours: asWritten(5),
  waveUntil: asWritten(9),
  lateHours: asWritten(5),
  duplicates: z.enum(['first', 'all']).catch('first'),
};

/** A plan as the form shows it. */
export function writtenPlan(plan: SendingPlan = AT_ONCE): WrittenPlan {
  const { sendZone, window, pace, waves, lateAfterHours, duplicates } = plan;
  return {
    sendZone,
    ...writtenHours(window),
    ...writtenPace(pace),
    ...writtenWaves(waves),
    lateHours: textOf(lateAfterHours),
    duplicates,
  };
}

const OFFICE: SendingWindow = { weekdays: [1, 2, 3, 4, 5], from: '09:00', to: '18:00', zone: 'author', holidays: [] };

function writtenHours(
  window: SendingWindow | null,
): Pick<WrittenPlan, 'hasHours' | 'hoursDays' | 'hoursFrom' | 'hoursTo' | 'hoursZone' | 'holidays'> {
  const { weekdays, from, to, zone: hoursZone, holidays } = window ?? OFFICE;
  return {
    hasHours: window !== null,
    hoursDays: weekdays.map(String),
    hoursFrom: from,
    hoursTo: to,
    hoursZone,
    holidays: holidays.join('\n'),
  };
}

function writtenWaves(waves: Waves | null): Pick<WrittenPlan, 'hasWaves' | 'wavePortions' | 'waveHours' | 'waveUntil'> {
  const { portions, everyHours, untilFinished } = waves ?? { portions: 4, everyHours: 24, untilFinished: null };
  return {
    hasWaves: waves !== null,
    wavePortions: String(portions),
    waveHours: String(everyHours),
    waveUntil: textOf(untilFinished),
  };
}

/** A number as a field shows it; none is an empty field. */
function textOf(number: number | null): string {
  return number === null ? '' : String(number);
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

/** Why waves can't go until so many have finished. */
export const UNCOUNTED =
  'By the anonymous link nobody can tell who has finished. Choose another kind of link, or leave this empty.';

/** One message for each field that says something impossible. */
export function planFaults(written: WrittenPlan & { linkType?: string }): Record<string, string> {
  const { pace, paceNumber, lateHours } = written;
  const faults: Fault[] = [
    ...(written.hasHours ? hoursFaults(written) : []),
    ['paceNumber', pace !== 'full' && wholeOf(paceNumber, mostOf(pace)) === undefined, paceFault(pace)],
    ...(written.hasWaves ? waveFaults(written) : []),
    ['lateHours', lateHours !== '' && wholeOf(lateHours, MOST_HOURS) === undefined, 'Write a whole number of hours.'],
  ];
  return Object.fromEntries(faults.flatMap(([name, isWrong, message]) => (isWrong ? [[name, message]] : [])));
}

type Fault = [name: string, isWrong: boolean, message: string];

function hoursFaults({ hoursDays, hoursFrom, hoursTo, holidays }: WrittenPlan): Fault[] {
  return [
    ['hoursDays', hoursDays.length === 0, 'Choose at least one day.'],
    ['hoursFrom', !isTime(hoursFrom), 'Write a time such as 09:00.'],
    ['hoursTo', !isTime(hoursTo), 'Write a time such as 18:00.'],
    ['holidays', datesOf(holidays) === undefined, 'Write dates such as 2027-12-24, one on each line.'],
  ];
}

function waveFaults({ wavePortions, waveHours, waveUntil, linkType }: WrittenPlan & { linkType?: string }): Fault[] {
  return [
    ['wavePortions', !((wholeOf(wavePortions, MOST_PORTIONS) ?? 0) >= 2), 'From 2 to 100 waves.'],
    ['waveHours', wholeOf(waveHours, MOST_HOURS) === undefined, 'Write a whole number of hours.'],
    ['waveUntil', waveUntil !== '' && linkType === 'Anonymous', UNCOUNTED],
    ['waveUntil', waveUntil !== '' && wholeOf(waveUntil, MOST_FINISHED) === undefined, 'Write a whole number.'],
  ];
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
    ? { portions, everyHours, untilFinished: wholeOf(waveUntil, MOST_FINISHED) ?? null }
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
  const areDates = dates.every(isCalendarDay);
  return areDates && dates.length <= MOST_HOLIDAYS ? dates.sort() : undefined;
}
