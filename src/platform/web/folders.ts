import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's folder, found from this file in source and in `dist` alike. */
export function projectDir(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) {
    folder = dirname(folder);
  }
  return folder;
}

/** The folder of an installed package; `exports` of packages hide their assets from `import`. */
export function packageDir(name: string): string {
  return join(projectDir(), 'node_modules', name);
}
