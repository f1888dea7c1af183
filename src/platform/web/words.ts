import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import i18next, { type i18n } from 'i18next';

/** Says a sentence of one module by its key. */
export type Say = (key: string, values?: Record<string, unknown>) => string;

/**
 * The console's words: one `words.<language>.json` beside the views of each module. A translation is a file.
 * Keys read `module.key`; `{{name}}` is filled in, `count` picks `_one` or `_other`.
 */
export function loadWords(viewsDir: string): i18n {
  const resources: Record<string, { translation: Record<string, unknown> }> = {};
  for (const module of readdirSync(viewsDir, { withFileTypes: true }).filter((entry) => entry.isDirectory())) {
    const folder = join(viewsDir, module.name);
    for (const file of readdirSync(folder)) {
      const language = /^words\.([A-Za-z-]+)\.json$/.exec(file)?.[1];
      if (language !== undefined) {
        resources[language] ??= { translation: {} };
        resources[language].translation[module.name] = JSON.parse(readFileSync(join(folder, file), 'utf8'));
      }
    }
  }
  const words = i18next.createInstance();
  void words.init({
    resources,
    lng: 'en',
    fallbackLng: 'en',
    initAsync: false,
    // Handlebars escapes what a template prints; escaping twice would show entities.
    interpolation: { escapeValue: false },
    returnNull: false,
  });
  return words;
}
