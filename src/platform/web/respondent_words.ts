import type { Request } from 'express';
import { phrasesIn, UI_LANGUAGES } from './phrases.js';

const NOT_WHOLE = [400, 408, 415, 422];

/** Tells respondents in their language that a page of theirs could not be taken; nothing for other refusals. */
export function respondentWords(
  request: Request,
  status: number,
): { title?: string; message?: string; lang?: string; dir?: 'rtl' | undefined } {
  const key = status === 413 ? 'tooMuch' : NOT_WHOLE.includes(status) ? 'incomplete' : undefined;
  if (key === undefined) {
    return {};
  }
  const lang = request.acceptsLanguages([...UI_LANGUAGES]) || 'en';
  const phrases = phrasesIn(lang);
  const [title, message] = ['title', 'text'].map((part) => phrases.say(`refusals.${key}.${part}`)) as [string, string];
  return { title, message, lang, dir: lang === 'ar' ? 'rtl' : undefined };
}
