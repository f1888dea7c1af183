import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../clock.js';
import { Database } from './database.js';

const WARN_MS = 2000;
const REFUSE_MS = 60_000;

/**
 * Compares our clock with the database's. Instants that several processes compare (leases, schedules) come from ours;
 * a process whose clock is far off must not decide what is due.
 */
@Injectable()
export class ClockWatch {
  private readonly log = new Logger(ClockWatch.name);
  private apart = 0;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** Measures again. @returns milliseconds between the two clocks */
  async look(): Promise<number> {
    const before = this.clock.ms();
    const [row] = await this.database.outsideBrands((unit) =>
      unit.sql<{ now: Date }>('SELECT clock_timestamp() AS now'),
    );
    const middle = (before + this.clock.ms()) / 2;
    this.apart = Math.abs((row?.now.getTime() ?? middle) - middle);
    if (this.apart > WARN_MS) {
      this.log.warn(
        `Our clock and the database's are ${Math.round(this.apart / 1000)} s apart${this.isFarOff ? ': nothing is scheduled here until they agree' : ''}.`,
      );
    }
    return this.apart;
  }

  /** So far off that this process must not schedule. */
  get isFarOff(): boolean {
    return this.apart > REFUSE_MS;
  }
}
