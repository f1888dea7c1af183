import { Injectable, Logger } from '@nestjs/common';
import { Database } from './db/database.js';

type EventClass<E> = new (...words: never[]) => E;

/**
 * The in-process bus: classes with ids only, told after the commit. A listener does one update or wakes one job; what
 * must not be lost is in the database and is found by a sweep as well.
 */
@Injectable()
export class Events {
  private readonly log = new Logger(Events.name);
  private readonly listeners = new Map<EventClass<unknown>, ((event: never) => unknown)[]>();

  constructor(private readonly database: Database) {}

  on<E>(kind: EventClass<E>, listener: (event: E) => unknown): void {
    this.listeners.set(kind, [...(this.listeners.get(kind) ?? []), listener]);
  }

  /** Tells every listener once the unit of work that is open has committed; at once where none is. */
  tell(event: object): void {
    this.database.afterCommit(() => {
      for (const listener of this.listeners.get(event.constructor as EventClass<unknown>) ?? []) {
        void this.call(listener, event);
      }
    });
  }

  private async call(listener: (event: never) => unknown, event: object): Promise<void> {
    try {
      await listener(event as never);
    } catch (error) {
      this.log.error(`${event.constructor.name}: ${String(error)}`, (error as Error).stack);
    }
  }
}
