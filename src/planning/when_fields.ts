import { zoneLabel } from '../platform/calendar/time_zones.js';
import type { Say } from '../ledger/distribution_words.js';
import { WEEKDAYS, type WrittenPlan } from './when_form.js';

interface WhenAround {
  say: Say;
  /** Of whoever writes it. */
  timeZone: string;
  knows: (key: string) => boolean;
  faults: Record<string, string>;
}

/** Fields of the step *When*, `distributions/_when`. */
export function whenFields(written: WrittenPlan, { say, knows, faults, timeZone }: WhenAround): object {
  const field = (name: keyof WrittenPlan, more: object = {}): object => ({
    name,
    label: say(`when_.${name}`),
    help: knows(`when_.${name}Help`) ? say(`when_.${name}Help`) : undefined,
    value: written[name],
    error: faults[name],
    ...more,
  });
  const choice = (name: 'sendZone' | 'hoursZone' | 'pace' | 'duplicates', values: readonly string[]): object =>
    field(name, {
      required: true,
      options: values.map((value) => ({
        value,
        label: say(`when_.${name}_.${value}`, { zone: zoneLabel(timeZone) }),
        selected: value === written[name],
      })),
    });
  const number = (name: keyof WrittenPlan, more: object = {}): object =>
    field(name, { short: true, inputmode: 'numeric', ...more });
  return {
    sendZone: choice('sendZone', ['author', 'recipient']),
    hasHours: field('hasHours', { value: 'on', checked: written.hasHours }),
    hoursDays: field('hoursDays', {
      required: true,
      multiple: true,
      options: WEEKDAYS.map((value) => ({
        value,
        label: say(`when_.day.${value}`),
        selected: written.hoursDays.includes(value),
      })),
    }),
    hoursFrom: field('hoursFrom', { type: 'time', short: true, required: true }),
    hoursTo: field('hoursTo', { type: 'time', short: true, required: true }),
    hoursZone: choice('hoursZone', ['author', 'recipient']),
    holidays: field('holidays', { rows: 3 }),
    pace: choice('pace', ['full', 'minute', 'hour', 'span']),
    paceNumber: number('paceNumber', { required: true }),
    hasWaves: field('hasWaves', { value: 'on', checked: written.hasWaves }),
    wavePortions: number('wavePortions', { required: true }),
    waveHours: number('waveHours', { required: true, suffix: say('when_.hours') }),
    waveUntil: number('waveUntil'),
    lateHours: number('lateHours', { suffix: say('when_.hours') }),
    duplicates: choice('duplicates', ['first', 'all']),
    isOpen: isUnusual(written) || Object.keys(faults).some((name) => name in written),
  };
}

/** Whether more than the time is said: then the rest is shown at once. */
function isUnusual({ hasHours, pace, hasWaves, duplicates }: WrittenPlan): boolean {
  return hasHours || hasWaves || pace !== 'full' || duplicates === 'all';
}
