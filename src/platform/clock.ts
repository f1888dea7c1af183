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
