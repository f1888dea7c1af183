// Runs the checks and then jest, and closes with one line that machines read: "N passed, N failed".
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { dateOfTheRun, environmentAt, filesThatTouchTime, instantOf } from './dates.mjs';

const CHECKS = [
  ['format', 'oxfmt', ['--check']],
  ['lint', 'oxlint', ['--type-aware', '--deny-warnings']],
  ['types', 'tsc', ['--noEmit']],
  ['boundaries', 'depcruise', ['src', '--config', '.dependency-cruiser.mjs']],
  ['dead code', 'knip', []],
];
/** So many files at most get a second run: more of them are no accident of a busy machine. */
const MOST_REPEATED = 6;

const { CI, CHROMIUM, FAKETIME_LIBRARY, REDIS_SERVER } = process.env;
const { date, words } = read(process.argv.slice(2));
let [passed, failed, skipped] = [0, 0, 0];
const left = [];

if (words.length === 0) {
  check();
}
if (date === undefined) {
  count(words);
} else {
  countUnder(date, words);
}
if (CI && date === undefined && words.length === 0) {
  countUnder(dateOfTheRun(Date.now()), ['--runTestsByPath', ...filesThatTouchTime()]);
}
if (!CHROMIUM) {
  left.push('everything in a browser (no Chromium here, and it could not be installed; set CHROMIUM to its path)');
}
if (!REDIS_SERVER) {
  left.push('several workers over Redis (none here, and it could not be installed; set REDIS_SERVER to its path)');
}
left.forEach((what) => console.log(`Skipped: ${what}.`));
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
process.exit(failed === 0 ? 0 : 1);

/** The date of `--date 2028-02-29` or `--date=2028-02-29`, and the other words. */
function read(given) {
  const place = given.findIndex((word) => word === '--date' || word.startsWith('--date='));
  if (place === -1) {
    return { date: undefined, words: given };
  }
  const isApart = given[place] === '--date';
  const named = isApart ? (given[place + 1] ?? '') : given[place].slice('--date='.length);
  try {
    return { date: instantOf(named) && named, words: given.toSpliced(place, isApart ? 2 : 1) };
  } catch (error) {
    console.error(error.message);
    return process.exit(2);
  }
}

function check() {
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

/** Runs tests as if it were another day. */
function countUnder(day, choice) {
  const at = instantOf(day);
  if (!FAKETIME_LIBRARY) {
    left.push(
      `tests under the date ${day} (no libfaketime here, and it could not be installed; set FAKETIME_LIBRARY to its path)`,
    );
    skipped += 1;
    return;
  }
  console.log(`Under another date: ${day}, from ${at.toISOString()}; again by bin/test --date ${day}`);
  count(choice, () => environmentAt(at, FAKETIME_LIBRARY));
}

/** Runs tests and adds them up. @param environment asked for at each start, as it holds from then on */
function count(choice, environment = () => ({})) {
  const first = jest(choice, environment());
  let files = first.files;
  const broken = files.filter(({ status }) => status === 'failed');
  if (broken.length > 0 && broken.length <= MOST_REPEATED) {
    // Tests of crashes and browsers share two cores with all others; what failed there is run once more, alone. Both
    // failures are told, and a file that fails alone as well has failed.
    const names = broken.map(({ name }) => relative(process.cwd(), name));
    console.log(`Once more, alone: ${names.join(' ')}`);
    const second = jest(['--runInBand', '--runTestsByPath', ...names], environment());
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
}

/** @returns how jest ended, and its files with their tests */
function jest(choice, environment) {
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
    { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, ...environment } },
  );
  try {
    return { status, files: JSON.parse(readFileSync(report, 'utf8')).testResults };
  } catch {
    return { status, files: [] };
  } finally {
    rmSync(report, { force: true });
  }
}
