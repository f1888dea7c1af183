import { dirname } from 'node:path';
import { sourcesOf } from './sources.js';

const MOST_FILES = 25;
const MOST_LINES = 3000;
const MOST_OF_MODULE = 9000;
const MOST_OF_DISTRIBUTIONS = 5500;

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
    const large = [...sizesBy(dirname)].filter(
      ([folder, { files, lines }]) => folder !== 'src' && (files > MOST_FILES || lines > MOST_LINES),
    );
    expect(large).toEqual([]);
  });

  it(`have at most ${MOST_OF_MODULE} lines with all of their folders, distributions ${MOST_OF_DISTRIBUTIONS}`, () => {
    const large = [...sizesBy((path) => path.split('/')[1]!)].filter(
      ([module, { lines }]) => lines > (module === 'distributions' ? MOST_OF_DISTRIBUTIONS : MOST_OF_MODULE),
    );
    expect(large).toEqual([]);
  });
});
