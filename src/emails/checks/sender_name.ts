import { parseTemplate } from '../../engine/piping.js';
import type { Finding } from '../../planning/finding.js';
import { MailPlaceholders } from '../content/mail_placeholders.js';
import type { Written } from '../compose/compositions.forms.js';

/** Schemes of values; links are nobody's name. */
const VALUES = ['m', 'e', 'date'];
const MOST_TOLD = 5;

/** Placeholders of a From name that would stay empty, as written. */
export function strayInName(fromName: string): string[] {
  const parsed = new MailPlaceholders();
  parsed.text(fromName);
  const links = parseTemplate(fromName).flatMap((part) =>
    typeof part === 'string' || VALUES.includes(part.scheme) ? [] : [part.written],
  );
  return [...new Set([...parsed.unknown, ...links])].slice(0, MOST_TOLD);
}

/** Whether a name reads like another address than the one it stands beside: that is how readers are deceived. */
export function namesAnotherAddress(fromName: string, fromEmail: string): boolean {
  const addresses = fromName.toLowerCase().match(/[^\s<>"@]{1,64}@[^\s<>"@]{1,253}/g) ?? [];
  return addresses.some((address) => address !== fromEmail.trim().toLowerCase());
}

/** What is wrong with a From name that was typed, by field. */
export function nameFault({ fromName, fromEmail }: Written): Record<string, string> {
  const stray = strayInName(fromName);
  if (stray.length > 0) {
    return { fromName: `A sender’s name can hold fields of contacts and embedded data, not ${stray.join(', ')}.` };
  }
  return namesAnotherAddress(fromName, fromEmail)
    ? { fromName: 'This name reads like another address than the one the mail is from. Write a name.' }
    : {};
}

/** The same, of a mail that programs wrote or that was kept before. */
export function nameFindings({ fromName, fromEmail }: { fromName: string; fromEmail: string }): Finding[] {
  const stray = strayInName(fromName);
  return [
    ...(stray.length > 0
      ? [{ code: 'CVS07', level: 'error', values: { unknown: stray.join(', ') } } satisfies Finding]
      : []),
    ...(namesAnotherAddress(fromName, fromEmail) ? [{ code: 'CVS25', level: 'error' } satisfies Finding] : []),
  ];
}
