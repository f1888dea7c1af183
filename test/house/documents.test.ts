import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { sourcesOf } from './sources.js';

const TOP = ['src', 'test', 'docs', 'views', 'bin', 'bench', 'migrations'];
const FROM_THE_TOP = new RegExp(String.raw`(?<![\w./-])(?:${TOP.join('|')})/[\w./-]*\w`, 'g');
const LINKED = /\]\(([^)#:]+)(?:#[^)]*)?\)/g;
const IN_BACKTICKS = /`((?:[\w.-]+\/)*[\w.-]+\.(?:ts|mjs|md))`/g;

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

describe('all documents', () => {
  const paths = TOP.flatMap((top) =>
    readdirSync(top, { recursive: true, encoding: 'utf8' }).map((path) => join(top, path)),
  );
  const documents = ['README.md', ...paths.filter((path) => path.endsWith('.md'))];

  /** `docs/decisions/008` and `test/house/routes` are said without their endings. */
  function begins(start: string): boolean {
    return existsSync(start) || paths.some((path) => path.startsWith(`${start}.`) || path.startsWith(`${start}-`));
  }

  function missing(text: string, folder: string): string[] {
    const links = [...text.matchAll(LINKED)].map(([, link = '']) => link);
    const files = [...text.matchAll(IN_BACKTICKS)].map(([, file = '']) => file);
    const isNamed = (file: string): boolean => paths.some((path) => path.endsWith(`/${file}`)) || existsSync(file);
    return [
      ...(text.match(FROM_THE_TOP) ?? []).filter((path) => !begins(path)),
      ...links.filter((link) => !existsSync(join(folder, link))),
      ...files.filter((file) => !NONE.includes(file) && !isNamed(file)),
    ];
  }

  it('name paths, files and other documents that are there', () => {
    const lost = documents.flatMap((path) =>
      missing(readFileSync(path, 'utf8'), dirname(path)).map((named) => `${path}: ${named}`),
    );
    expect(lost).toEqual([]);
  });

  it('are read closely enough to find what is not there', () => {
    const text = 'test/house/ghosts, test/house/routes, `sending/nobody.ts`, `sending/gate.ts`, [map](gone.md)';
    expect(missing(text, 'docs')).toEqual(['test/house/ghosts', 'gone.md', 'sending/nobody.ts']);
  });
});
