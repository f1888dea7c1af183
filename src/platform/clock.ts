import { Injectable } from '@nestjs/common';

/** The only place that reads the time. Services take `now` from here; tests set it. */
@Injectable()
export class Clock {
  now(): Date {
    return new Date();
  }

  /** Milliseconds since the epoch, for measuring spans. */
  ms(): number {
    return this.now().getTime();
  }
}

/** A clock that stands still until it is told to move; for tests. */
export class SettableClock extends Clock {
  constructor(private at?: Date) {
    super();
  }

  override now(): Date {
    return this.at === undefined ? new Date() : new Date(this.at);
  }

  /** Stands still at `at`; without one the clock runs again. */
  set(at?: Date): void {
    this.at = at;
  }

  forward(ms: number): void {
    this.at = new Date(this.now().getTime() + ms);
  }
}
