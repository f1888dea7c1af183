import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { sourcesOf } from './sources.js';

/** A file of ours, alone or with its room, and a room below another one. */
const NAMED =
  /`((?:[\w.-]+\/)*[\w.-]+\.(?:ts|hbs|mjs))`|`((?:src|test|views|docs|[a-z_]+)\/[a-z_]+(?:\/[a-z_]+)*)\/?`/g;
/** What only looks like one: a pattern of names, a time zone. */
const NONE = ['verb_noun.task.ts', 'us/eastern'];
const ROOTS = ['.', 'src', 'views', 'test'];

function isThere(readme: string, named: string, files: readonly string[]): boolean {
  const room = dirname(readme);
  if ([...ROOTS, room].some((root) => existsSync(join(root, named)) || existsSync(join(root, `${named}.ts`)))) {
    return true;
  }
  // A file of the module itself needs no room; the README of a room may leave out what stands above it.
  const module = room.split('/').slice(0, 2).join('/');
  return files.some((path) => path.startsWith(`${module}/`) && path.endsWith(`/${named}`));
}

describe('the READMEs of rooms', () => {
  const files = sourcesOf('src', '.ts').map(({ path }) => path);
  const tests = sourcesOf('test', '.ts').map(({ path }) => basename(path));

  it('name files and rooms that are there, those of other modules with their room', () => {
    const lost = sourcesOf('src', 'README.md').flatMap(({ path, text }) =>
      [...text.matchAll(NAMED)]
        .map(([, file, room]) => file ?? room!)
        .filter((named) => !NONE.includes(named) && !tests.includes(named) && !isThere(path, named, files))
        .map((named) => `${path}: ${named}`),
    );
    expect(lost).toEqual([]);
  });
});
