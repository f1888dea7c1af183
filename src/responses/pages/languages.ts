import { UI_LANGUAGES } from '../../platform/web/phrases.js';
import type { SurveyDefinition } from '../../engine/definition.js';
import { languageTag } from '../../engine/language.js';

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

/** The first wish that is there: as it is written (`pt-BR`), else in its script (`zh-TW`: `zh-Hant`), else by its first part. */
export function closest(wishes: readonly string[], available: readonly string[]): string | undefined {
  for (const wish of wishes) {
    const nearest = [normal, scriptOf, baseOf]
      .map((form) => available.find((language) => form(language) === form(wish)))
      .find((language) => language !== undefined);
    if (nearest !== undefined) {
      return nearest;
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

/** A language's name in itself: `Deutsch`. */
export function nameOf(language: string): string {
  try {
    const name = new Intl.DisplayNames([language], { type: 'language' }).of(language) ?? language;
    return name.charAt(0).toLocaleUpperCase(language) + name.slice(1);
  } catch {
    return language; // a code that only the survey's author knows
  }
}

/** One spelling of what people, browsers and survey files call a language. */
function normal(language: string): string {
  return (languageTag(language) ?? language.trim().replaceAll('_', '-')).toLowerCase();
}

/** The language with the script it is written in there: `zh-hant` for Taiwan. */
function scriptOf(language: string): string {
  try {
    const { language: base, script = '' } = new Intl.Locale(normal(language)).maximize();
    return `${base}-${script}`;
  } catch {
    return normal(language); // a code that only the survey's author knows
  }
}

function baseOf(language: string): string {
  return normal(language).split('-')[0]!;
}
