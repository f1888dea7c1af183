import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectDir } from './folders.js';

/** Languages that the pages of respondents speak; one file each, so that another one is a file and a line here. */
export const UI_LANGUAGES = ['en', 'de', 'fr', 'es', 'pt', 'it', 'nl', 'pl', 'ar', 'zh', 'ja'] as const;

type Params = Record<string, string | number>;

/** The words of one language: buttons, errors, refusals. `{name}` in a sentence is filled in. */
export class Phrases {
  private readonly sentences: Map<string, string>;

  constructor(
    readonly language: string,
    words: Record<string, unknown> | Map<string, string>,
    /** A number as sentences print it. */
    readonly figure: (number: number) => string = String,
  ) {
    this.sentences = words instanceof Map ? words : new Map(flat(words, ''));
  }

  /** The same sentences with numbers as another language writes them: that of the fields they speak of. */
  withFigures(figure: (number: number) => string): Phrases {
    return new Phrases(this.language, this.sentences, figure);
  }

  has(key: string): boolean {
    return this.sentences.has(key);
  }

  say(key: string, params: Params = {}): string {
    const sentence = this.sentences.get(key) ?? key;
    return sentence.includes('{')
      ? sentence.replaceAll(/\{(\w+)\}/g, (_, name: string) => this.filled(params[name] ?? ''))
      : sentence;
  }

  private filled(value: string | number): string {
    return typeof value === 'number' ? this.figure(value) : value;
  }
}

function flat(words: Record<string, unknown>, prefix: string): [string, string][] {
  return Object.entries(words).flatMap(([key, value]) =>
    typeof value === 'string'
      ? [[`${prefix}${key}`, value]]
      : flat(value as Record<string, unknown>, `${prefix}${key}.`),
  );
}

const folder = join(projectDir(), 'views/responses/words');
const spoken = new Map(
  UI_LANGUAGES.map((language) => [
    language as string,
    new Phrases(
      language,
      JSON.parse(readFileSync(join(folder, `${language}.json`), 'utf8')) as Record<string, unknown>,
    ),
  ]),
);

/** The words of one of `UI_LANGUAGES`; English for any other. */
export function phrasesIn(language: string): Phrases {
  return spoken.get(language) ?? spoken.get('en')!;
}
