import type { SurveyOptions } from '../../engine/definition.js';
import { plainText } from '../../engine/text.js';
import { safeHtml } from '../html.js';
import { reportOptions } from './option-lines.js';
import { isOff, isOn, textOf } from '../raw.js';
import type { Raw } from '../raw.js';
import type { Source } from '../source.js';

/** Settings of the survey around its questions, as the file has them. */
export interface ImportedOptions {
  finishLater: boolean;
  /** Hours after which an open session closes; nothing when the file doesn't say. */
  incompleteAfterHours?: number;
  invitationOnly: boolean;
  preventMultiple: boolean;
  anonymize: boolean;
  inactiveMessage?: string;
}

export function surveyOptions(raw: Raw, source: Source): SurveyOptions {
  const progress = textOf(raw['ProgressBarDisplay']);
  const header = safeHtml(textOf(raw['Header']), 'Options', source.report);
  const footer = safeHtml(textOf(raw['Footer']), 'Options', source.report);
  const nextLabel = labelOf(raw['NextButton']);
  const backLabel = labelOf(raw['PreviousButton']);
  return {
    progressBar: progress !== '' && progress !== 'None',
    backButton: isOn(raw['BackButton']),
    ...(nextLabel ? { nextLabel } : {}),
    ...(backLabel ? { backLabel } : {}),
    ...(header ? { header } : {}),
    ...(footer ? { footer } : {}),
  };
}

/** Arrows are no label that can be read aloud; the product's own words are better. */
function labelOf(written: unknown): string | undefined {
  const label = plainText(textOf(written));
  return /\p{L}/u.test(label) ? label.slice(0, 60) : undefined;
}

export function importedOptions(raw: Raw, source: Source): ImportedOptions {
  reportOptions(raw, source.report);
  const hours = hoursOf(raw['PartialData'], source);
  const inactive = messageOf(raw, source);
  return {
    finishLater: !/^(?:false|no|off)$/i.test(textOf(raw['SaveAndContinue'] ?? raw['SaveandContinue'])),
    ...(hours === undefined ? {} : { incompleteAfterHours: hours }),
    invitationOnly: textOf(raw['SurveyProtection']) === 'ByInvitation',
    preventMultiple: isOn(raw['BallotBoxStuffingPrevention'] ?? raw['BallotBoxStuffing']),
    anonymize: isOn(raw['AnonymizeResponse']),
    ...(inactive ? { inactiveMessage: inactive } : {}),
  };
}

const HOURS = new Map([
  ['hour', 1],
  ['day', 24],
  ['week', 168],
  ['month', 730],
  ['year', 8760],
]);

/** Unfinished responses that the file never records would be lost without a word; here they are kept. */
function hoursOf(value: unknown, source: Source): number | undefined {
  const written = textOf(value).trim();
  const parts = /^\+?\s*(\d{1,3})\s+(hour|day|week|month|year)s?$/i.exec(written);
  if (parts) return Number(parts[1]) * HOURS.get(parts[2]!.toLowerCase())!;
  if (value !== undefined && value !== null) {
    const said = isOff(value) ? 'were not recorded by themselves' : `closed after "${written.slice(0, 40)}"`;
    source.report.data.warn('Options', `Unfinished responses ${said}; here they are recorded after a week.`);
  }
  return undefined;
}

function messageOf(raw: Raw, source: Source): string | undefined {
  const written = textOf(raw['InactiveMessage']).trim();
  if (written === '') return undefined;
  if (/^MS_\w+$/.test(written)) {
    const what = 'What people read when the survey is closed is in a library; the default is shown.';
    source.report.note('Options', what, 'Write it again.');
    return undefined;
  }
  const message = safeHtml(written, 'Options', source.report);
  if (/<(?:img|a)\b/.test(message)) {
    source.report.look.note(
      'Options',
      'What people read when the survey is closed is plain text here: no pictures, no links.',
    );
  }
  return message;
}
