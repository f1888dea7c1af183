import type { Ending } from '../engine/definition.js';
import { safeHtml } from './html.js';
import { textOf } from './raw.js';
import type { Raw } from './raw.js';
import type { Source } from './source.js';

/** Where respondents end, from an end-of-survey element or the survey's options. */
export function endingOf(options: Raw, where: string, source: Source, isPlain = false): Ending {
  const flag = textOf(options['ResponseFlag']);
  const flags: Ending['flags'] = /^screen/i.test(flag)
    ? ['screenedOut']
    : /^quota/i.test(flag)
      ? ['quotaMet']
      : undefined;
  const ending = isPlain ? { kind: 'default' as const } : byTermination(options, where, source);
  return flags ? { ...ending, flags } : ending;
}

function byTermination(options: Raw, where: string, source: Source): Ending {
  const termination = textOf(options['SurveyTermination']);
  if (termination === 'Redirect') return redirect(textOf(options['EOSRedirectURL']), where, source);
  if (termination === 'DisplayMessage') return message(textOf(options['EOSMessage']), where, source);
  return { kind: 'default' };
}

function redirect(url: string, where: string, source: Source): Ending {
  if (/^https?:\/\/[^\s/]+/i.test(url.trim())) return { kind: 'redirect', url: url.trim() };
  source.report.warn(
    where,
    'An ending leads to no web address; the default text is shown.',
    'Set the address of the ending.',
  );
  return { kind: 'default' };
}

/** Messages live in a library of the other system and are only named in the file. */
function message(written: string, where: string, source: Source): Ending {
  if (written.trim() === '' || /^MS_\w+$/.test(written.trim())) {
    source.report.warn(
      where,
      'The text of an ending is in a library, not in the file; the default is shown.',
      'Write it again.',
    );
    return { kind: 'default' };
  }
  return { kind: 'message', message: safeHtml(written, where, source.report) };
}
