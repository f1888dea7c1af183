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

const LANGUAGE_NAMES = new Intl.DisplayNames('en', { type: 'language' });

/** "German" for `de`. */
export function languageName(tag: string): string {
  return LANGUAGE_NAMES.of(tag) ?? tag;
}
