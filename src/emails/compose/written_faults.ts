import { ALL_VERSIONS, mailFault, placeholdersFault } from '../../platform/web/html/mail_bounds.js';
import { readEmbeddedLines } from '../../links/embedded_lines.js';
import { linkDaysOf, MAX_LINK_DAYS } from '../../links/link_ends.js';
import { instantOf, type Written } from './compositions.forms.js';
import { hasLineEnd, MAX_BODY, MAX_SUBJECT } from '../checks/content_checks.js';

/** What is wrong with what was typed, by field; none of it is mended in silence. */
type Faults = Record<string, string>;

/** Line ends in a header would be somebody's attempt to add another one. */
export function headerFaults(written: Written): Faults {
  const words = 'Line breaks and control characters cannot stand here. Write it on one line.';
  const fields = Object.entries(headersOf(written)).filter(([, text]) => hasLineEnd(text));
  return Object.fromEntries(fields.map(([name]) => [name, words]));
}

function headersOf({ fromName, fromEmail, replyTo, subject, versions }: Written): Record<string, string> {
  const others = Object.entries(versions).map(([name, words]) => [`subject_${name}`, words.subject] as const);
  return { fromName, fromEmail, replyTo, subject, ...Object.fromEntries(others) };
}

const LONGEST: Record<string, number> = { fromName: 100, fromEmail: 254, replyTo: 254 };

export function lengthFaults(written: Written): Faults {
  const bodies = [written, ...Object.values(written.versions)];
  const suffixes = ['', ...Object.keys(written.versions).map((name) => `_${name}`)];
  const texts = bodies.flatMap(({ body, text }, place) => [
    [`body${suffixes[place]}`, body, MAX_BODY] as const,
    [`text${suffixes[place]}`, text, MAX_BODY] as const,
  ]);
  const headers = Object.entries(headersOf(written)).map(
    ([name, text]) => [name, text, LONGEST[name] ?? MAX_SUBJECT] as const,
  );
  const long = [...texts, ...headers].filter(([, text, most]) => text.length > most);
  const total = texts.reduce((sum, [, text]) => sum + text.length, 0);
  const most = ALL_VERSIONS.characters;
  return Object.fromEntries([
    ...(total > most
      ? [['body', `All languages together are longer than ${shown(most)} characters. Shorten them.`]]
      : []),
    ...long.map(([name, , longest]) => [name, `This is longer than ${shown(longest)} characters. Shorten it.`]),
  ]) as Faults;
}

function shown(count: number): string {
  return count.toLocaleString('en');
}

/** What would take too long to put together: so many elements, styles and placeholders are no mail that people write. */
export function boundFaults(written: Written): Faults {
  const others = Object.entries(written.versions).map(([tag, words]) => [`_${tag}`, words] as const);
  return Object.fromEntries(
    [['', written] as const, ...others].flatMap(([suffix, { body, text }]): [string, string][] => [
      ...fault(`body${suffix}`, mailFault(body)),
      ...fault(`text${suffix}`, placeholdersFault(text)),
    ]),
  );
}

function fault(field: string, words: string | undefined): [string, string][] {
  return words === undefined ? [] : [[field, words]];
}

export function embeddedFault({ embedded }: Written): Faults {
  const read = readEmbeddedLines(embedded);
  return 'fault' in read ? { embedded: read.fault } : {};
}

/** Embedded data that travel with every link; none while they can't be read. */
export function pairsOf({ embedded }: Written): Record<string, string> {
  const read = readEmbeddedLines(embedded);
  return 'fault' in read ? {} : read.pairs;
}

/** @param start when the mail leaves */
export function linkFault(written: Written, start: Date, timeZone: string): Faults {
  const { linkType, linkEnd, linkDays, linkUntil } = written;
  if (linkType === 'Anonymous') {
    return {};
  }
  if (linkEnd === 'days') {
    const words = `Write a whole number of days, from 1 to ${MAX_LINK_DAYS.toLocaleString('en')}.`;
    return linkDaysOf(linkDays) === undefined ? { linkDays: words } : {};
  }
  const end = instantOf(linkUntil, timeZone);
  if (end === undefined) {
    return { linkUntil: 'Write a date and a time that exist.' };
  }
  return end > start ? {} : { linkUntil: 'The links would be over before the mail leaves. Choose a later time.' };
}

/** The fixed end of the links that was written; null where days are counted. */
export function linkExpiryOf({ linkType, linkEnd, linkUntil }: Written, timeZone: string): Date | null {
  return linkType === 'Anonymous' || linkEnd === 'days' ? null : (instantOf(linkUntil, timeZone) ?? null);
}
