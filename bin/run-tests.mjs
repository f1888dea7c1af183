// Runs the checks and then jest, and closes with one line that machines read: "N passed, N failed".
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const CHECKS = [
  ['format', 'oxfmt', ['--check']],
  ['lint', 'oxlint', ['--type-aware', '--deny-warnings']],
  ['types', 'tsc', ['--noEmit']],
  ['boundaries', 'depcruise', ['src', '--config', '.dependency-cruiser.mjs']],
  ['dead code', 'knip', []],
];

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

const report = join(tmpdir(), `canvass-tests-${process.pid}.json`);
const jest = [
  '--experimental-vm-modules',
  '--no-warnings',
  'node_modules/jest/bin/jest.js',
  '--json',
  `--outputFile=${report}`,
  ...words,
];
const { status } = spawnSync(process.execPath, jest, { stdio: ['ignore', 'ignore', 'inherit'] });
try {
  const result = JSON.parse(readFileSync(report, 'utf8'));
  passed += result.numPassedTests;
  skipped += result.numPendingTests;
  failed +=
    result.numFailedTests +
    result.testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0).length;
} catch {
  failed += 1;
}
rmSync(report, { force: true });
if (status !== 0 && failed === 0) {
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
