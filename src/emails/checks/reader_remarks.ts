import type { Distribution } from '../../ledger/distribution.entity.js';
import type { Readers } from '../../audiences/readers.sql.js';
import type { Finding } from '../../planning/finding.js';
import { MailPlaceholders } from '../content/mail_placeholders.js';
import { mailOf } from '../content/mail_content.entity.js';
import { languageName, languageTag } from '../../platform/language_tags.js';
import { allVersions, versionFor } from '../content/mail_versions.js';

const MOST_NAMED = 5;

/** Fields that a mail prints as they are, by version: whoever has none reads nothing there. */
function bareFields(distribution: Distribution): Map<string, Set<string>> {
  const { embedded } = distribution;
  const mail = mailOf(distribution);
  return new Map(
    allVersions(mail).map(([version, { subject, preheader, bodyHtml, bodyText }]) => {
      const parsed = new MailPlaceholders();
      [mail.fromName, subject, preheader, bodyHtml, bodyText].forEach((text) => parsed.text(text));
      const given = (field: string): boolean => Object.hasOwn(embedded, field.replace(/^Field\//, ''));
      return [version, new Set([...parsed.bare].filter((field) => field !== 'Email' && !given(field)))];
    }),
  );
}

/** Every field that some version prints as it is. */
export function askedFields(distribution: Distribution): string[] {
  return [...new Set([...bareFields(distribution).values()].flatMap((fields) => [...fields]))];
}

/** What is missing for some of those who get a mail: values that it prints, and words in their language. */
export function readerFindings(distribution: Distribution, readers: readonly Readers[]): Finding[] {
  const all = readers.reduce((sum, { n }) => sum + n, 0);
  return [...blanks(distribution, readers, all), ...untranslated(distribution, readers)];
}

function blanks(distribution: Distribution, readers: readonly Readers[], all: number): Finding[] {
  const fields = bareFields(distribution);
  const missing = askedFields(distribution).flatMap((field) => {
    const asking = readers.filter(({ language }) => fields.get(versionFor(mailOf(distribution), language))?.has(field));
    const n = asking.reduce((sum, { blank }) => sum + (blank[field] ?? 0), 0);
    return n === 0 ? [] : [{ field, n }];
  });
  return missing.slice(0, MOST_NAMED).map(({ field, n }) => ({
    code: 'blank_field',
    level: 'warning',
    words: field === 'FirstName' ? 'blank_first_name' : 'blank_field',
    values: { n: shown(n), all: shown(all), field: field.replace(/^Field\//, ''), code: codeOf(field) },
  }));
}

function codeOf(field: string): string {
  return field.startsWith('Field/') ? `\${e://${field}?d=…}` : `\${m://${field}?d=…}`;
}

function untranslated(distribution: Distribution, readers: readonly Readers[]): Finding[] {
  const usual = (mailOf(distribution).language || 'en').toLowerCase().split('-')[0]!;
  const counts = new Map<string, number>();
  for (const { language, n } of readers) {
    const base = languageTag(language)?.split('-')[0];
    if (base !== undefined && base !== usual && versionFor(mailOf(distribution), language) === '') {
      counts.set(base, (counts.get(base) ?? 0) + n);
    }
  }
  const named = [...counts].map(([base, n]) => `${languageName(base)} (${shown(n)})`);
  const total = [...counts.values()].reduce((sum, n) => sum + n, 0);
  const values = { n: shown(total), languages: named.slice(0, MOST_NAMED).join(', '), usual: languageName(usual) };
  return named.length === 0 ? [] : [{ code: 'untranslated', level: 'warning', values }];
}

function shown(count: number): string {
  return count.toLocaleString('en');
}
