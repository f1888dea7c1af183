import { dirname } from 'node:path';
import { sourcesOf } from './sources.js';

const MOST_FILES = 25;
const MOST_LINES = 3000;
const MOST_OF_MODULE = 9000;
const MOST_OF_DISTRIBUTIONS = 5500;

/** Folders that are two nouns yet: how many files and lines of their own they have at most. These may only fall. */
const FOLDERS_TO_SPLIT: Record<string, [files: number, lines: number]> = {
  'src/contacts': [28, 2962],
  'src/contacts/imports': [26, 2564],
  'src/mailer': [31, 2879],
  'src/mailer/inbound': [35, 3555],
  'src/platform': [31, 1977],
  'src/platform/web': [39, 2963],
  'src/responses': [40, 4015],
  'src/surveys': [58, 5370],
  'src/surveys/engine': [47, 5231],
  'src/surveys/qsf': [39, 3502],
};

/** Modules that are two yet, with the lines they have at most. These may only fall. */
const MODULES_TO_SPLIT: Record<string, number> = {
  mailer: 11076,
  platform: 9606,
  surveys: 14466,
};

/** How much stands in each folder of `src` itself, or in each module with all of its folders. */
function sizesBy(keyOf: (path: string) => string): Map<string, { files: number; lines: number }> {
  const sizes = new Map<string, { files: number; lines: number }>();
  for (const { path, text } of sourcesOf('src', '.ts')) {
    const key = keyOf(path);
    const { files, lines } = sizes.get(key) ?? { files: 0, lines: 0 };
    sizes.set(key, { files: files + 1, lines: lines + text.split('\n').length - 1 });
  }
  return sizes;
}

describe('the rooms', () => {
  it(`hold at most ${MOST_FILES} files and ${MOST_LINES} lines in one folder: more is two nouns`, () => {
    const large = [...sizesBy(dirname)].filter(([folder, { files, lines }]) => {
      const [mostFiles, mostLines] = FOLDERS_TO_SPLIT[folder] ?? [MOST_FILES, MOST_LINES];
      return folder !== 'src' && (files > mostFiles || lines > mostLines);
    });
    expect(large).toEqual([]);
  });

  it(`have at most ${MOST_OF_MODULE} lines with all of their folders, distributions ${MOST_OF_DISTRIBUTIONS}`, () => {
    const large = [...sizesBy((path) => path.split('/')[1]!)].filter(
      ([module, { lines }]) =>
        lines > (module === 'distributions' ? MOST_OF_DISTRIBUTIONS : (MODULES_TO_SPLIT[module] ?? MOST_OF_MODULE)),
    );
    expect(large).toEqual([]);
  });

  it('are named as too large only while they are', () => {
    const folders = sizesBy(dirname);
    const modules = sizesBy((path) => path.split('/')[1]!);
    const idle = [
      ...Object.keys(FOLDERS_TO_SPLIT).filter((folder) => {
        const { files, lines } = folders.get(folder) ?? { files: 0, lines: 0 };
        return files <= MOST_FILES && lines <= MOST_LINES;
      }),
      ...Object.keys(MODULES_TO_SPLIT).filter((module) => (modules.get(module)?.lines ?? 0) <= MOST_OF_MODULE),
    ];
    expect(idle).toEqual([]);
  });
});
