import type { SurveyOptions } from '../engine/definition.js';
import { plainText } from '../engine/text.js';
import { safeHtml } from './html.js';
import { isOn, textOf } from './raw.js';
import type { Raw } from './raw.js';
import type { Source } from './source.js';

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
  reportOptions(raw, source);
  const hours = hoursOf(textOf(raw['PartialData']));
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

function hoursOf(written: string): number | undefined {
  const parts = /^\+?(\d{1,3}) (hour|day|week|month|year)s?$/.exec(written.trim());
  return parts ? Number(parts[1]) * HOURS.get(parts[2]!)! : undefined;
}

function messageOf(raw: Raw, source: Source): string | undefined {
  const written = textOf(raw['InactiveMessage']).trim();
  if (written === '' || /^MS_\w+$/.test(written)) return undefined;
  return safeHtml(written, 'Options', source.report);
}

function reportOptions(raw: Raw, source: Source): void {
  const { report } = source;
  if (isOn(raw['PasswordProtection'])) report.warn('Options', 'The password was not taken over.', 'Set it again.');
  if (isOn(raw['RefererCheck'])) report.warn('Options', 'The check where respondents come from was not taken over.');
  if (isOn(raw['EmailThankYou'])) report.warn('Options', 'The thank-you mail is in a library, not in the file.');
  if (typeof raw['ExternalCSS'] === 'string' && raw['ExternalCSS'] !== '')
    report.look.note('Options', 'Its style sheet was dropped.');
  if (typeof raw['CustomCSS'] === 'string' && raw['CustomCSS'] !== '')
    report.look.note('Options', 'Its style sheet was dropped.');
}
