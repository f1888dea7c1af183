import type { SurveyDefinition } from '../surveys/engine/definition.js';
import { UI_LANGUAGES } from './phrases.js';

const RIGHT_TO_LEFT = new Set(['ar', 'dv', 'fa', 'he', 'ku', 'ps', 'sd', 'ug', 'ur', 'yi']);
/** More than browsers send; a header of a thousand languages is no wish. */
const MOST_WISHES = 12;

/** The languages in which a survey's texts are there, its own first. */
export function languagesOf({ language, translations }: SurveyDefinition): string[] {
  return [...new Set([language, ...Object.keys(translations)])];
}

/** What `Accept-Language` asks for, best first. */
export function acceptedLanguages(header: string | undefined): string[] {
  return (header ?? '')
    .split(',')
    .slice(0, MOST_WISHES)
    .map((part) => {
      const [tag = '', ...params] = part.trim().split(';');
      const quality = params.map((param) => /^\s*q=([\d.]+)\s*$/.exec(param)?.[1]).find((value) => value !== undefined);
      return { tag: tag.trim(), quality: quality === undefined ? 1 : Number(quality) };
    })
    .filter(({ tag, quality }) => tag !== '' && tag !== '*' && quality > 0)
    .sort((left, right) => right.quality - left.quality)
    .map(({ tag }) => tag);
}

/** The first wish that is there: as it is written (`pt-BR`), else by its first part (`pt`). */
export function closest(wishes: readonly string[], available: readonly string[]): string | undefined {
  for (const wish of wishes.map(normal)) {
    const exact = available.find((language) => normal(language) === wish);
    const near = exact ?? available.find((language) => baseOf(language) === baseOf(wish));
    if (near !== undefined) {
      return near;
    }
  }
  return undefined;
}

/** The language in which a survey's texts are shown. */
export function contentLanguage(definition: SurveyDefinition, wishes: readonly string[]): string {
  return closest(wishes, languagesOf(definition)) ?? definition.language;
}

/**
 * The language of buttons and errors. Where the survey is there in several languages they follow its texts; a survey in
 * one language gets the buttons that the respondent reads best.
 */
export function uiLanguage(content: string, isTranslated: boolean, wishes: readonly string[]): string {
  const order = isTranslated ? [content, ...wishes] : [...wishes, content];
  return closest(order, UI_LANGUAGES) ?? 'en';
}

export function directionOf(language: string): 'rtl' | 'ltr' {
  return RIGHT_TO_LEFT.has(baseOf(language)) ? 'rtl' : 'ltr';
}

/** A language's name in itself: `Deutsch`. */
export function nameOf(language: string): string {
  try {
    const name = new Intl.DisplayNames([language], { type: 'language' }).of(language) ?? language;
    return name.charAt(0).toLocaleUpperCase(language) + name.slice(1);
  } catch {
    return language; // a code that only the survey's author knows
  }
}

function normal(language: string): string {
  return language.trim().replaceAll('_', '-').toLowerCase();
}

function baseOf(language: string): string {
  return normal(language).split('-')[0]!;
}
