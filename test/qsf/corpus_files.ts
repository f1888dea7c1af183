import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const OURS = join(import.meta.dirname, '../data/qsf');

/** Survey files to try: our own, and those of the folders that `QSF_CORPUS` names (with `:` between them). */
export function corpusFiles(): { name: string; path: string }[] {
  const named = (process.env['QSF_CORPUS'] ?? '').split(':').filter((folder) => folder !== '');
  return [OURS, ...named].flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => name.endsWith('.qsf'))
      .map((name) => ({ name, path: join(folder, name) })),
  );
}
