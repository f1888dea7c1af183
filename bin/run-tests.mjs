// Runs the checks and then jest, and closes with one line that machines read: "N passed, N failed".
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';

const CHECKS = [
  ['format', 'oxfmt', ['--check']],
  ['lint', 'oxlint', ['--type-aware', '--deny-warnings']],
  ['types', 'tsc', ['--noEmit']],
  ['boundaries', 'depcruise', ['src', '--config', '.dependency-cruiser.mjs']],
  ['dead code', 'knip', []],
];
/** So many files at most get a second run: more of them are no accident of a busy machine. */
const MOST_REPEATED = 6;

const words = process.argv.slice(2);
let [passed, failed, skipped] = [0, 0, 0];

if (words.length === 0) {
  for (const [name, program, parameters] of CHECKS) {
    const { status, stdout, stderr } = spawnSync(program, parameters, { encoding: 'utf8' });
    console.log(`${status === 0 ? 'ok  ' : 'FAIL'} ${String(name)}`);
    if (status === 0) {
      passed += 1;
    } else {
      failed += 1;
      console.log(`${stdout}${stderr}`);
    }
  }
}

const first = jest(words);
let files = first.files;
const broken = files.filter(({ status }) => status === 'failed');
if (broken.length > 0 && broken.length <= MOST_REPEATED) {
  // Tests of crashes and browsers share two cores with all others; what failed there is run once more, alone. Both
  // failures are told, and a file that fails alone as well has failed.
  const names = broken.map(({ name }) => relative(process.cwd(), name));
  console.log(`Once more, alone: ${names.join(' ')}`);
  const second = jest(['--runInBand', '--runTestsByPath', ...names]);
  files = [...files.filter(({ status }) => status !== 'failed'), ...second.files];
  second.files
    .filter(({ status }) => status === 'passed')
    .forEach(({ name }) => console.log(`Failed beside others and passed alone: ${relative(process.cwd(), name)}`));
}
for (const { status, assertionResults } of files) {
  passed += assertionResults.filter((one) => one.status === 'passed').length;
  skipped += assertionResults.filter((one) => one.status === 'pending').length;
  const unmet = assertionResults.filter((one) => one.status === 'failed').length;
  // A file that could not even be loaded has no tests to count.
  failed += status === 'failed' && unmet === 0 ? 1 : unmet;
}
if (files.length === 0 || (first.status !== 0 && broken.length === 0)) {
  failed += 1;
}

if (!process.env.CHROMIUM) {
  console.log(
    'Skipped: everything in a browser (no Chromium here, and it could not be installed; set CHROMIUM to its path).',
  );
}
if (!process.env.REDIS_SERVER) {
  console.log(
    'Skipped: several workers over Redis (none here, and it could not be installed; set REDIS_SERVER to its path).',
  );
}
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
process.exit(failed === 0 ? 0 : 1);

/** @returns how jest ended, and its files with their tests */
function jest(choice) {
  const report = join(tmpdir(), `canvass-tests-${process.pid}.json`);
  rmSync(report, { force: true });
  const { status } = spawnSync(
    process.execPath,
    [
      '--experimental-vm-modules',
      '--no-warnings',
      'node_modules/jest/bin/jest.js',
      '--json',
      `--outputFile=${report}`,
      ...choice,
    ],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  try {
    return { status, files: JSON.parse(readFileSync(report, 'utf8')).testResults };
  } catch {
    return { status, files: [] };
  } finally {
    rmSync(report, { force: true });
  }
}
