// Other dates to run tests under: https://github.com/wolfcw/libfaketime shifts the clock of every process alike.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DateTime } from 'luxon';

/** What calendars are got wrong by; continuous integration takes them in turn. */
const DATES = ['2027-02-28', '2027-03-28', '2027-10-31', '2028-02-29', '2031-12-31T23:59:30Z'];
/** Where a plain date is one on which clocks change, the tests begin half a minute before it. */
const ZONES = ['Europe/Berlin', 'America/New_York'];
const DAY_MS = 86_400_000;
/** Tests that set or move the clock, or reckon with days and zones, but those of whole browsers and crashes. */
const TOUCHES_TIME = /\bclock\.(set|forward)\(|\btimeZone\b|\bDateTime\b|\bEurope\//;
const WHOLE = /\.(browser|journey|fault)\.test\.ts$/;

/** @returns the instant that a person named: of a plain date nine o'clock UTC, or shortly before clocks change on it */
export function instantOf(text = '') {
  const isDay = /^\d{4}-\d\d-\d\d$/.test(text);
  const at = DateTime.fromISO(text, { zone: 'UTC' });
  if (!at.isValid || !/^\d{4}-\d\d-\d\d(T.+)?$/.test(text)) {
    throw new Error(
      `"${text}" is no date that exists. Write --date 2028-02-29, or an instant as in --date 2027-03-28T00:59:30Z`,
    );
  }
  return (isDay ? (changeOn(at) ?? at.set({ hour: 9 })) : at).toJSDate();
}

function changeOn(day) {
  for (const zone of ZONES) {
    for (let hour = 1; hour <= 24; hour += 1) {
      const at = day.plus({ hours: hour });
      if (at.setZone(zone).offset !== at.minus({ hours: 1 }).setZone(zone).offset) {
        return at.minus({ seconds: 30 });
      }
    }
  }
  return undefined;
}

/** The next of the dates: another one after each commit, and on each day. */
export function dateOfTheRun(now) {
  let commits = 0;
  try {
    commits = Number(execFileSync('git', ['rev-list', '--count', 'HEAD'], { encoding: 'utf8', stdio: 'pipe' }));
  } catch {
    // Not a clone: the day alone chooses.
  }
  return DATES[(commits + Math.floor(now / DAY_MS)) % DATES.length];
}

/** The files whose tests touch time. */
export function filesThatTouchTime() {
  return readdirSync('test', { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts') && !WHOLE.test(name))
    .map((name) => join('test', name))
    .filter((path) => TOUCHES_TIME.test(readFileSync(path, 'utf8')))
    .sort();
}

/**
 * What makes `at` the present of a process and all its children. Spans stay true: timers, and the waits of PostgreSQL,
 * go by the monotonic clock.
 */
export function environmentAt(at, library) {
  const seconds = Math.round((at.getTime() - Date.now()) / 1000);
  return {
    TEST_DATE: at.toISOString(),
    LD_PRELOAD: library,
    FAKETIME: `${seconds < 0 ? '' : '+'}${seconds}s`,
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
    // PostgreSQL runs as another user, who may not open what root shares; and the age of files is not at stake.
    FAKETIME_DISABLE_SHM: '1',
    NO_FAKE_STAT: '1',
  };
}
