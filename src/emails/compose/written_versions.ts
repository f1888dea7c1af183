import type { MailWords } from '../content/mail_content.entity.js';
import { languageTag } from '../../platform/language_tags.js';

/** A mail's words in one language, as they stand in the form. */
export interface WrittenWords {
  subject: string;
  preheader: string;
  body: string;
  text: string;
}

const FIELD = /^(subject|preheader|body|text)_([A-Za-z]{2,3}(?:-[A-Za-z]{2,4})?)$/;
const MOST_VERSIONS = 30;
const NOTHING: WrittenWords = { subject: '', preheader: '', body: '', text: '' };

/** Gathers `subject_de`, `body_de` … of a form under `versions`, so that the schema finds one object a language. */
export function withVersions(body: unknown): unknown {
  const versions: Record<string, Record<string, unknown>> = {};
  for (const [field, value] of Object.entries((body ?? {}) as Record<string, unknown>)) {
    const [, part, written = ''] = FIELD.exec(field) ?? [];
    const language = languageTag(written);
    if (part !== undefined && language !== undefined && roomFor(versions, language)) {
      versions[language] = { ...versions[language], [part]: value };
    }
  }
  return { ...(body as object), versions };
}

function roomFor(versions: object, language: string): boolean {
  return Object.hasOwn(versions, language) || Object.keys(versions).length < MOST_VERSIONS;
}

/** A From address that was written as the part before the @ and a domain of the menu. */
export function withFromAddress(body: unknown): unknown {
  const { fromLocal, fromDomain, ...rest } = (body ?? {}) as Record<string, unknown>;
  return typeof fromLocal === 'string' && typeof fromDomain === 'string' && fromDomain !== ''
    ? { ...rest, fromEmail: `${fromLocal.trim()}@${fromDomain}` }
    : rest;
}

/** The form with one more language, which begins as a copy of the default words; as it was for what is no language. */
export function addedLanguage<W extends Versions>(written: W, wish: string): W {
  const language = languageTag(wish);
  const isThere = language === undefined || language === written.language || language in written.versions;
  const { subject, preheader, body, text } = written;
  return isThere || Object.keys(written.versions).length >= MOST_VERSIONS
    ? written
    : { ...written, versions: { ...written.versions, [language]: { subject, preheader, body, text } } };
}

export function droppedLanguage<W extends Versions>(written: W, language: string): W {
  const left = Object.entries(written.versions).filter(([name]) => name !== language);
  return { ...written, versions: Object.fromEntries(left) };
}

/** Part of what stands in the form. */
interface Versions extends WrittenWords {
  language: string;
  versions: Record<string, WrittenWords>;
}

export function writtenWords({ subject, preheader, bodyHtml, bodyText }: MailWords): WrittenWords {
  return { subject, preheader, body: bodyHtml, text: bodyText };
}

export function mailWords({ subject, preheader, body, text }: Partial<WrittenWords>): MailWords {
  const whole = { ...NOTHING, subject, preheader, body, text };
  return {
    subject: whole.subject ?? '',
    preheader: whole.preheader ?? '',
    bodyHtml: whole.body ?? '',
    bodyText: whole.text ?? '',
  };
}
