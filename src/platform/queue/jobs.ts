import { type BeforeApplicationShutdown, Injectable, Logger, SetMetadata } from '@nestjs/common';
import { Database } from '../db/database.js';

/** A kind of background work: its name and the shape of its payload, which carries ids only. */
export interface JobKind<P> {
  readonly name: string;
  /** Two wake-ups with the same key while one waits are one. */
  readonly key: (payload: P) => string;
  /** How many may run at once in one process. */
  readonly atOnce: number;
  readonly __payload?: P;
}

export type PayloadOf<K> = K extends JobKind<infer P> ? P : never;

/** A class that does one kind of work. Safe to run twice: gone → return, done → return; else lock, re-read, act. */
export interface Performs<P> {
  perform(payload: P): Promise<void>;
  /** What is due in PostgreSQL although nobody may have woken us: found by the sweep every few seconds. */
  due?(): Promise<P[]>;
}

const declared = new Map<string, JobKind<never>>();
export const PERFORMS = 'canvass:performs';

/** Declares a job. The name is `module.verb-noun`. */
export function job<P extends object>(name: string, atOnce = 1): JobKind<P> {
  const kind: JobKind<P> = { name, atOnce, key: (payload) => JSON.stringify(payload) };
  declared.set(name, kind as unknown as JobKind<never>);
  return kind;
}

/** Every job that the loaded modules declare. */
export function declaredJobs(): string[] {
  return [...declared.keys()];
}

/** Marks the class that performs a job. */
export const PerformsJob = <P>(kind: JobKind<P>): ClassDecorator => SetMetadata(PERFORMS, kind);

interface Lane {
  kind: JobKind<never>;
  performer: Performs<never>;
  /** Does the work in this process; a process that only schedules asks what is due and leaves the work to others. */
  isWorked: boolean;
  waiting: Map<string, unknown>;
  running: Map<string, Promise<void>>;
}

/**
 * The jobs port, in-process: wakes performers after the commit. Wake-ups live in memory only and may vanish at any
 * moment; PostgreSQL holds the work and `sweep` finds whatever a lost wake-up left. `BullJobs` carries them to other
 * processes.
 */
@Injectable()
export class Jobs implements BeforeApplicationShutdown {
  protected readonly log = new Logger(Jobs.name);
  private readonly lanes = new Map<string, Lane>();
  private readonly timers = new Set<NodeJS.Timeout>();
  private readonly flights = new Set<Promise<void>>();
  private isStopping = false;

  constructor(private readonly database: Database) {}

  /** @param isWorked false where this process only looks for due work and others do it */
  register<P>(kind: JobKind<P>, performer: Performs<P>, isWorked = true): void {
    const lane = { kind, performer, isWorked, waiting: new Map(), running: new Map<string, Promise<void>>() };
    this.lanes.set(kind.name, lane as unknown as Lane);
  }

  performerOf(name: string): Performs<never> | undefined {
    return this.lanes.get(name)?.performer;
  }

  /** Wakes the performer of `kind` after the commit, `delay` milliseconds later. Does nothing where no worker runs. */
  later<P>(kind: JobKind<P>, payload: P, delay = 0): void {
    this.database.afterCommit(() => {
      if (delay > 0) {
        this.afterDelay(() => this.tell(kind, payload), delay);
      } else {
        this.tell(kind, payload);
      }
    });
  }

  /** Looks for due work of every kind. Whoever can do it does it here: work goes on however wake-ups fare. */
  async sweep(): Promise<void> {
    for (const { kind, performer, isWorked } of this.lanes.values()) {
      for (const payload of (await performer.due?.()) ?? []) {
        if (isWorked) {
          this.wake(kind.name, payload);
        } else {
          this.tell(kind, payload);
        }
      }
    }
  }

  /** Waits until nothing runs and nothing waits; for tests and for a clean stop. */
  async settled(): Promise<void> {
    while (this.flights.size > 0) {
      await Promise.all(this.flights);
    }
  }

  /** Before connections close: what runs still has results to commit. */
  async beforeApplicationShutdown(): Promise<void> {
    this.isStopping = true;
    this.timers.forEach((timer) => clearTimeout(timer));
    await this.settled();
  }

  /** Carries a wake-up to whoever does the work: here, this process. */
  protected tell<P>(kind: JobKind<P>, payload: P): void {
    this.wake(kind.name, payload);
  }

  /** Kinds whose work this process does. */
  protected get worked(): JobKind<never>[] {
    return [...this.lanes.values()].filter(({ isWorked }) => isWorked).map(({ kind }) => kind);
  }

  /** Starts the work in this process, after what already waits; once for any number of wake-ups that wait. */
  protected wake(name: string, payload: unknown): void {
    const lane = this.lanes.get(name);
    if (lane?.isWorked === true && !this.isStopping) {
      lane.waiting.set(lane.kind.key(payload as never), payload);
      this.advance(lane);
    }
  }

  /** Waits until the work of a wake-up is done here, with whatever was waiting before it. */
  protected async done(name: string, payload: unknown): Promise<void> {
    const lane = this.lanes.get(name);
    if (lane === undefined) {
      return;
    }
    const key = lane.kind.key(payload as never);
    while (!this.isStopping && (lane.waiting.has(key) || lane.running.has(key))) {
      await (lane.running.get(key) ?? Promise.race(lane.running.values()));
    }
  }

  private advance(lane: Lane): void {
    for (const [key, payload] of lane.waiting) {
      if (lane.running.size >= lane.kind.atOnce || this.isStopping) {
        return;
      }
      if (!lane.running.has(key)) {
        lane.waiting.delete(key);
        // A moment later: it is noted as running before it starts.
        const flight = Promise.resolve().then(() => this.fly(lane, key, payload));
        lane.running.set(key, flight);
        this.flights.add(flight);
        void flight.finally(() => this.flights.delete(flight));
      }
    }
  }

  private async fly(lane: Lane, key: string, payload: unknown): Promise<void> {
    try {
      await lane.performer.perform(payload as never);
    } catch (error) {
      // The work stays in PostgreSQL; the sweep tries again. Failing work is told, never dropped.
      this.log.error(`${lane.kind.name}: ${String(error)}`, (error as Error).stack);
    } finally {
      lane.running.delete(key);
      this.advance(lane);
    }
  }

  private afterDelay(act: () => void, delay: number): void {
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      act();
    }, delay);
    timer.unref();
    this.timers.add(timer);
  }
}
