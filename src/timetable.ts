import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { SchedulerRegistry } from '@nestjs/schedule';
import { Forgetting } from './forgetting.js';
import { Config } from './platform/config.js';
import { ClockWatch } from './platform/db/clock_watch.js';
import { Jobs } from './platform/queue/jobs.js';

const MINUTE = 60_000;

/**
 * Everything that happens by the clock, one line each. Any number of processes may run it: each line is safe to run
 * twice at once, because the database decides who takes what.
 */
@Injectable()
export class Timetable implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly log = new Logger(Timetable.name);
  private readonly busy = new Set<string>();

  constructor(
    private readonly scheduler: SchedulerRegistry,
    private readonly config: Config,
    private readonly jobs: Jobs,
    private readonly clocks: ClockWatch,
    private readonly forgetting: Forgetting,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    if (this.config.runsSchedule) {
      await this.clocks.look();
      // Due distributions, their waves, what a hold or a weekly limit lets go, leases that ran out, walks whose time is over, anonymous answers whose while is over, imports, exports, roll-ups, daily checks of
      // From domains: each job's `due()`.
      this.every(this.config.SWEEP_MS, 'sweep for due work', () => this.jobs.sweep());
      this.every(MINUTE, 'compare the clocks', () => this.clocks.look());
      this.every(7 * MINUTE, 'forget what is over', () => this.forgetting.forget());
    }
  }

  onApplicationShutdown(): void {
    this.scheduler.getIntervals().forEach((name) => this.scheduler.deleteInterval(name));
  }

  private every(ms: number, name: string, act: () => Promise<unknown>): void {
    const timer = setInterval(() => void this.run(name, act), ms);
    timer.unref();
    this.scheduler.addInterval(name, timer);
  }

  /** A run that is still going on is not started a second time; a failure is told and tried again at the next turn. */
  private async run(name: string, act: () => Promise<unknown>): Promise<void> {
    if (this.busy.has(name) || (this.clocks.isFarOff && name !== 'compare the clocks')) {
      return;
    }
    this.busy.add(name);
    try {
      await act();
    } catch (error) {
      this.log.warn(`${name}: ${String(error)}`);
    } finally {
      this.busy.delete(name);
    }
  }
}
