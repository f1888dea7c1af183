import type { Ending } from '../../engine/definition.js';
import { leadsToWrittenHost } from '../../engine/redirects.js';
import { safeHtml } from '../html.js';
import { isOn, record, textOf } from '../raw.js';
import type { Raw } from '../raw.js';
import type { Source } from '../source.js';

/** Where respondents end who meet no end in the flow: what the survey's options say. */
export function endingOf(options: Raw, source: Source): Ending {
  return byTermination(options, 'Options', source) ?? { kind: 'default' };
}

/** Where an end in the flow leads. One that says nothing of its own keeps the survey's ending, flagged as it says. */
export function flowEnding(element: Raw, own: Ending, source: Source): Ending {
  const options = record(element['Options']);
  reportExtras(options, source);
  const flags = flagsOf(options);
  const ending = (isPlain(element, options) ? undefined : byTermination(options, 'Flow', source)) ?? own;
  return flags ? { ...ending, flags } : ending;
}

/** The file keeps choices of an ending that was set back to the survey's own; they count no more. */
function isPlain(element: Raw, options: Raw): boolean {
  return textOf(element['EndingType']) === 'Default' && !isOn(options['Advanced']);
}

function flagsOf(options: Raw): Ending['flags'] {
  const flag = textOf(options['ResponseFlag']);
  const isScreened = Object.keys(options).some((key) => /^screen(?:ed)?_?out$/i.test(key) && isOn(options[key]));
  if (/^screen/i.test(flag) || isScreened) return ['screenedOut'];
  return /^quota/i.test(flag) || isOn(options['QuotaMet']) ? ['quotaMet'] : undefined;
}

/** Nothing where the survey's own ending stays: no termination is named, or "None". */
function byTermination(options: Raw, where: string, source: Source): Ending | undefined {
  const termination = textOf(options['SurveyTermination']).trim();
  switch (termination.toLowerCase()) {
    case '':
    case 'none':
      return undefined;
    case 'defaultmessage':
      return { kind: 'default' };
    case 'redirect':
      return redirect(textOf(options['EOSRedirectURL']), where, source);
    case 'displaymessage':
      return message(textOf(options['EOSMessage']), where, source);
    default:
      source.report.warn(where, `An ending "${termination}" is not known here; the default text is shown.`);
      return { kind: 'default' };
  }
}

/** What browsers and servers take, in characters. */
const LONGEST_ADDRESS = 2000;

/** An address without `https://` is meant as one; one whose host is piped in could lead anywhere. */
function redirect(written: string, where: string, source: Source): Ending {
  const typed = written.trim().slice(0, LONGEST_ADDRESS + 1);
  const url = /^[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}(?:[:/?#]|$)/i.test(typed) ? `https://${typed}` : typed;
  const isAddress = typed.length <= LONGEST_ADDRESS && leadsToWrittenHost(url);
  if (isAddress && URL.canParse(url.replaceAll(/\$\{[^}]*\}/g, '1'))) return { kind: 'redirect', url };
  const why = /^(?:https?:\/\/)?[^\s/?#]*\$\{/i.test(url)
    ? 'An ending leads to a host that is filled in; the default text is shown, since it could lead anywhere.'
    : 'An ending leads to no web address; the default text is shown.';
  source.report.warn(where, why, 'Set the address of the ending.');
  return { kind: 'default' };
}

/** Messages live in a library of the other system and are only named in the file. */
function message(written: string, where: string, source: Source): Ending {
  if (written.trim() === '' || /^(?:\w+:)?MS_\w+$/.test(written.trim())) {
    source.report.warn(
      where,
      'The text of an ending is in a library, not in the file; the default is shown.',
      'Write it again.',
    );
    return { kind: 'default' };
  }
  return { kind: 'message', message: safeHtml(written, where, source.report) };
}

/** What an end does besides ending, by the name of its setting. */
const EXTRAS: readonly [RegExp, string][] = [
  [/^IgnoreResponse$/, 'An end of the flow keeps no response; here it is recorded as any other.'],
  [/^EmailThankYou$/, 'An end of the flow sends a thank-you mail; here none is sent.'],
  [/^(?:ShowResponseSummary|ResponseSummary)$/, "An end of the flow shows the respondent's answers; here it doesn't."],
  [/^AnonymizeResponse$/, 'An end of the flow makes responses anonymous; here the survey decides that for all.'],
];

function reportExtras(options: Raw, source: Source): void {
  for (const [pattern, what] of EXTRAS) {
    if (Object.keys(options).some((key) => pattern.test(key) && isOn(options[key]))) source.report.warn('Flow', what);
  }
}
