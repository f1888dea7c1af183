const RIGHT_TO_LEFT = new Set(['ar', 'ckb', 'dv', 'fa', 'he', 'ku', 'ps', 'sd', 'ug', 'ur', 'yi']);

/** Which way a language is written. */
export function directionOf(language: string): 'rtl' | 'ltr' {
  return RIGHT_TO_LEFT.has(language.trim().split(/[-_]/)[0]!.toLowerCase()) ? 'rtl' : 'ltr';
}

/** The language of a text that stands among texts of another one. */
export interface OwnLanguage {
  lang: string;
  dir: 'rtl' | 'ltr';
}

/** @param around the language of what the text stands in; a text in the same one has nothing to say */
export function ownLanguage(language: string, around: string): OwnLanguage | undefined {
  return language === around ? undefined : { lang: language, dir: directionOf(language) };
}
