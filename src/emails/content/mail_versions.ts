import { languageTag } from '../../platform/language_tags.js';
import type { MailContent, MailWords } from './mail_content.entity.js';

/** What a mail holds in its default language and in others. */
export type Versioned = Pick<MailContent, 'subject' | 'preheader' | 'bodyHtml' | 'bodyText' | 'language' | 'versions'>;

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

function baseOf(tag: string): string {
  return tag.split('-')[0] ?? '';
}
