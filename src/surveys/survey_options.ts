import type { Say } from '../platform/web/words.js';
import type { SurveyDefinition } from '../engine/definition.js';
import { hoursToFinish, isAnonymized } from './survey.entity.js';

/** One option of a survey in words: how it is set, and what that means for people. */
export interface OptionLine {
  name: string;
  value: string;
  text: string;
}

/** Options that are on or off, with what holds where nobody has chosen. */
const SWITCHES = {
  anonymize: false,
  invitationOnly: false,
  preventMultiple: false,
  finishLater: true,
  askForProof: true,
  deleteIncomplete: false,
  collectIp: false,
  botGuard: false,
} as const;

/** So many switches stand before the time that there is to finish. */
const BEFORE_TIME = 5;

/** Every option that changes what respondents meet or what is kept of them, also those that are off. */
export function optionLines(options: Record<string, unknown>, draft: SurveyDefinition, say: Say): OptionLine[] {
  const kept = Object.entries(SWITCHES).map(([name, usual]) => {
    const isOn = typeof options[name] === 'boolean' ? options[name] : usual;
    return name === 'askForProof' && isAnonymized(options)
      ? { ...line(say, name, true), text: say('options.askForProof.always') }
      : line(say, name, isOn);
  });
  const { progressBar, backButton } = draft.options;
  return [
    ...kept.slice(0, BEFORE_TIME),
    { ...line(say, 'incompleteAfterHours', true), value: duration(hoursToFinish(options), say) },
    ...kept.slice(BEFORE_TIME),
    line(say, 'progressBar', progressBar),
    line(say, 'backButton', backButton),
  ];
}

function line(say: Say, name: string, isOn: boolean): OptionLine {
  const state = isOn ? 'on' : 'off';
  return { name: say(`options.${name}.name`), value: say(`options.${state}`), text: say(`options.${name}.${state}`) };
}

function duration(hours: number, say: Say): string {
  return hours % 24 === 0 ? say('options.days', { count: hours / 24 }) : say('options.hours', { count: hours });
}
