import type { Distribution, MailWords } from '../distribution.entity.js';

/** What a mail holds in its default language and in others. */
export type Versioned = Pick<Distribution, 'subject' | 'preheader' | 'bodyHtml' | 'bodyText' | 'language' | 'versions'>;

/**
 * A version's language tag as mails keep it: `pt-BR`, `de`; undefined for what has another form. Unlike `languageTag` of the
 * engine it knows no codes of survey files, and takes languages that nobody has heard of.
 */
export function languageTag(written: string): string | undefined {
  const match = /^([a-z]{2,3})(?:[-_]([a-z]{2}|[a-z]{4}))?$/i.exec(written.trim());
  if (match === null) {
    return undefined;
  }
  const [, base = '', part = ''] = match;
  const tail = part.length === 2 ? part.toUpperCase() : part.charAt(0).toUpperCase() + part.slice(1).toLowerCase();
  return tail === '' ? base.toLowerCase() : `${base.toLowerCase()}-${tail}`;
}

/** The version that somebody gets: of exactly this language, of the same one elsewhere, else `''`, the default. */
export function versionFor({ versions, language }: Versioned, wish: string): string {
  const tag = languageTag(wish)?.toLowerCase();
  if (tag === undefined || tag === language.toLowerCase()) {
    return '';
  }
  const names = Object.keys(versions);
  const base = baseOf(tag);
  const exact = names.find((name) => name.toLowerCase() === tag);
  const isDefault = base === baseOf(language.toLowerCase());
  const near = names.find((name) => baseOf(name.toLowerCase()) === base);
  return exact ?? (isDefault ? '' : (near ?? ''));
}

/** The words of a version; those of the default one under `''`. */
export function wordsOf(mail: Versioned, version: string): MailWords {
  const own = Object.hasOwn(mail.versions, version) ? mail.versions[version] : undefined;
  const { subject, preheader, bodyHtml, bodyText } = mail;
  return own ?? { subject, preheader, bodyHtml, bodyText };
}

/** Every version, the default one first under `''`. */
export function allVersions(mail: Versioned): [string, MailWords][] {
  return [['', wordsOf(mail, '')], ...Object.entries(mail.versions)];
}

const LANGUAGE_NAMES = new Intl.DisplayNames('en', { type: 'language' });

/** "German" for `de`. */
export function languageName(tag: string): string {
  return LANGUAGE_NAMES.of(tag) ?? tag;
}

function baseOf(tag: string): string {
  return tag.split('-')[0] ?? '';
}
