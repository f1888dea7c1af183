import { Clock } from '../src/platform/clock.js';

/**
 * Where the clock of every test starts, whatever the day is: a Tuesday morning with nothing special about it.
 * `bin/test --date` starts them elsewhere.
 */
export const START = new Date(process.env['TEST_DATE'] || '2026-11-24T09:00:00Z');

/** Runs on from START until it is told to stand still. */
export class SettableClock extends Clock {
  private readonly since = performance.now();
  private at: Date | undefined;

  override now(): Date {
    return new Date(this.at ?? START.getTime() + Math.floor(performance.now() - this.since));
  }

  /** Stands still at `at`; without one it runs again, as if it had never been set. */
  set(at?: Date): void {
    this.at = at;
  }

  forward(ms: number): void {
    this.at = new Date(this.now().getTime() + ms);
  }
}
