import { Invalid } from '../../platform/errors.js';
import type { ContactFields } from '../contact.entity.js';
import { embeddedNameMistake, Mistake } from '../contact_fields.js';
import { COLUMN_WORDS } from './column_words.js';

/** What a column of a file becomes. */
export const TARGETS = [
  'email',
  'firstName',
  'lastName',
  'phone',
  'extRef',
  'language',
  'timeZone',
  'contactId',
  'unsubscribed',
  'listUnsubscribed',
  'embedded',
  'listEmbedded',
  'ignore',
] as const;

export type Target = (typeof TARGETS)[number];

/** One column's fate; `name` is the name of the embedded data. */
export interface ColumnTarget {
  to: Target;
  name: string;
}

/** Titles of the columns of exported lists; the same file imports again by them. */
export const TITLES = {
  contactId: 'ContactID',
  firstName: 'FirstName',
  lastName: 'LastName',
  email: 'Email',
  phone: 'Phone',
  extRef: 'ExternalDataReference',
  language: 'Language',
  timeZone: 'TimeZone',
  unsubscribed: 'Unsubscribed',
  listUnsubscribed: 'ListUnsubscribed',
} as const satisfies Partial<Record<Target, string>>;

/** Columns that our own reject file adds. */
export const REJECT_TITLES = ['Rejected line', 'Rejected because'] as const;

const KNOWN = new Map(
  Object.entries(COLUMN_WORDS).flatMap(([target, words]) =>
    words
      .trim()
      .split(/\s+/)
      .map((word): [string, keyof typeof TITLES] => [plain(word), target as keyof typeof TITLES]),
  ),
);

const PREFIXES = [
  ['listEmbedded', /^list:\s*(.+)$/is],
  ['embedded', /^embedded:\s*(.+)$/is],
] as const;

/** A proposal for every column, and what the person should know about it. */
export interface Proposal {
  targets: ColumnTarget[];
  warnings: string[];
}

/**
 * Proposes what each column becomes, by its name: a field of contacts where it is one in any case and spelling, else
 * embedded data. A second column of the same meaning is left out until somebody says what it is.
 * @param isOurId whether all samples of a column are ids of contacts: other systems call their own ids so as well
 */
export function propose(columns: string[], isOurId: (column: number) => boolean, headerLine = 1): Proposal {
  const taken = new Map<string, number>();
  const warnings: string[] = [];
  const targets = columns.map((title, column): ColumnTarget => {
    const target = proposed(title, () => isOurId(column));
    const mistake = nameMistake(target);
    if (mistake !== undefined) {
      warnings.push(`Line ${headerLine}: column ${column + 1} ${mistake.reason}. It is left out.`);
      return { to: 'ignore', name: '' };
    }
    const before = taken.get(keyOf(target));
    if (before !== undefined && target.to !== 'ignore') {
      const words = `Line ${headerLine}: columns ${before + 1} and ${column + 1} both mean “${title}”.`;
      warnings.push(`${words} The second is left out unless you choose something else for it.`);
      return { to: 'ignore', name: target.name };
    }
    taken.set(keyOf(target), column);
    return target;
  });
  return { targets, warnings };
}

/** The name under which an export writes embedded data, so that it comes back as what it was. */
export function embeddedTitle(name: string, isOfList: boolean): string {
  if (isOfList) {
    return `list:${name}`;
  }
  const { to, name: read } = proposed(name, () => true);
  return to === 'embedded' && read === name ? name : `embedded:${name}`;
}

/** @throws {Invalid} for a mapping that would lose or mix up values */
export function checkMapping(targets: ColumnTarget[], columns: string[]): void {
  const fields: Record<string, string> = {};
  const taken = new Map<string, number>();
  targets.forEach((target, column) => {
    const mistake = nameMistake(target)?.reason;
    const before = target.to === 'ignore' ? undefined : taken.get(keyOf(target));
    const words = before === undefined ? mistake : `is the same as column ${before + 1}, “${columns[before]}”`;
    if (words !== undefined) {
      fields[`column_${column}`] = `Column ${column + 1}, “${columns[column]}”, ${words}.`;
    }
    taken.set(keyOf(target), column);
  });
  const [first] = Object.values(fields);
  if (first !== undefined) {
    throw new Invalid(first, fields);
  }
  if (!targets.some(({ to }) => ['email', 'phone', 'extRef', 'contactId'].includes(to))) {
    const message = 'Choose the column that holds the e-mail addresses (or phone numbers, or external references).';
    throw new Invalid(message, { column_0: message });
  }
}

export function isField(to: Target): to is keyof ContactFields {
  return !['contactId', 'unsubscribed', 'listUnsubscribed', 'embedded', 'listEmbedded', 'ignore'].includes(to);
}

export function isEmbedded(to: Target): to is 'embedded' | 'listEmbedded' {
  return to === 'embedded' || to === 'listEmbedded';
}

function proposed(title: string, isOurId: () => boolean): ColumnTarget {
  for (const [to, pattern] of PREFIXES) {
    const name = pattern.exec(title)?.[1];
    if (name !== undefined) {
      return { to, name: name.trim() };
    }
  }
  if ((REJECT_TITLES as readonly string[]).includes(title)) {
    return { to: 'ignore', name: title };
  }
  const known = KNOWN.get(plain(title)) ?? 'embedded';
  return { to: known === 'contactId' && !isOurId() ? 'embedded' : known, name: title };
}

/** Why embedded data can't be called so. A garbled name would stand in every mail that uses it. */
function nameMistake({ to, name }: ColumnTarget): Mistake | undefined {
  if (!isEmbedded(to)) {
    return undefined;
  }
  const isGarbled = name.includes('\u{fffd}');
  return embeddedNameMistake(name) ?? (isGarbled ? new Mistake('has a name that cannot be read (�)') : undefined);
}

function keyOf({ to, name }: ColumnTarget): string {
  return isEmbedded(to) ? `${to}:${name.trim()}` : to;
}

function plain(title: string): string {
  return title
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
}
