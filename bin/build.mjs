// Compiles the TypeScript of the named folders: `build.mjs <out> <folder …>` writes out/src/main.js for src/main.ts, with its
// source map. Files whose output is newer stay as they are, so a second run takes a moment.
import { readdirSync } from 'node:fs';
import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';
import { transformFile } from '@swc/core';

const [out, ...folders] = process.argv.slice(2);
if (out === undefined || folders.length === 0) {
  console.error('Usage: node bin/build.mjs <output folder> <source folder …>');
  process.exit(2);
}
const sources = folders.flatMap(sourcesIn);
await withoutOrphans();
const waiting = sources.values();
await Promise.all(Array.from({ length: availableParallelism() }, compileWhatWaits));

function sourcesIn(folder) {
  return readdirSync(folder, { recursive: true })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))
    .map((name) => join(folder, name));
}

function outputOf(source) {
  return join(out, source.replace(/\.ts$/, '.js'));
}

async function compileWhatWaits() {
  for (const source of waiting) {
    if (await isStale(source)) {
      await compile(source);
    }
  }
}

async function isStale(source) {
  const [from, to] = await Promise.all([stat(source), stat(outputOf(source)).catch(() => undefined)]);
  return to === undefined || to.mtimeMs < from.mtimeMs;
}

async function compile(source) {
  const output = outputOf(source);
  const sourceFileName = relative(dirname(output), source);
  const { code, map } = await transformFile(source, { sourceFileName });
  await mkdir(dirname(output), { recursive: true });
  await writeFile(`${output}.map`, map);
  await writeFile(output, `${code}//# sourceMappingURL=${basename(output)}.map\n`);
}

/** Outputs whose source is gone would still be found, migrations among them. */
async function withoutOrphans() {
  const wanted = new Set(sources.map(outputOf));
  for (const folder of folders) {
    const written = await readdir(join(out, folder), { recursive: true }).catch(() => []);
    const orphans = written.map((name) => join(out, folder, name)).filter((path) => isOrphan(path, wanted));
    await Promise.all(orphans.map((path) => rm(path)));
  }
}

function isOrphan(path, wanted) {
  return /\.js(?:\.map)?$/.test(path) && !wanted.has(path.replace(/\.map$/, ''));
}
