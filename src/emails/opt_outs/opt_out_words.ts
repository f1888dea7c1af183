import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectDir } from '../../platform/web/folders.js';

/** Languages of the opt-out pages, one file each; the first one is for everybody else. */
export const OPT_OUT_LANGUAGES = ['en', 'de', 'fr', 'es', 'pt', 'it', 'nl', 'pl', 'ar', 'zh', 'ja'] as const;

const folder = join(projectDir(), 'views/distributions/opt_out');
const sentences = new Map<string, Record<string, string>>(
  OPT_OUT_LANGUAGES.map((language) => [
    language,
    JSON.parse(readFileSync(join(folder, `${language}.json`), 'utf8')) as Record<string, string>,
  ]),
);

/** Says one sentence in one language; `{name}` in it is filled in. */
export type OptOutSay = (key: string, values?: Record<string, string>) => string;

/** The first wish that we speak, by its first part (`de-AT` → `de`); else English. */
export function optOutLanguage(wishes: readonly string[]): string {
  const spoken = wishes
    .map((wish) => wish.trim().toLowerCase().split(/[-_]/)[0] ?? '')
    .find((wish) => sentences.has(wish));
  return spoken ?? OPT_OUT_LANGUAGES[0];
}

export function optOutWords(language: string): OptOutSay {
  const known = sentences.get(language) ?? sentences.get(OPT_OUT_LANGUAGES[0])!;
  return (key, values = {}) => (known[key] ?? key).replaceAll(/\{(\w+)\}/g, (_, name: string) => values[name] ?? '');
}
