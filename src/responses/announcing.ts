import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { Database } from '../platform/db/database.js';
import { Live } from '../platform/web/live.js';

/** Open pages promise news within two seconds. */
const TOGETHER_MS = 250;

/**
 * Tells open pages about responses, all of a quarter of a second together. PostgreSQL lets transactions with a NOTIFY
 * commit only one after the other, so a NOTIFY in each page's own transaction would end the commits' sharing of one
 * disk flush. What is told may be lost with the process: pages that open later read the numbers anyway.
 */
@Injectable()
export class Announcing implements OnApplicationShutdown {
  private readonly log = new Logger(Announcing.name);
  private readonly waiting = new Map<string, string>();
  private timer: NodeJS.Timeout | undefined;
  private flight: Promise<void> = Promise.resolve();

  constructor(
    private readonly database: Database,
    private readonly live: Live,
  ) {}

  /** After the commit of the unit that is open, and soon. */
  surveyChanged(brandId: string, surveyId: string): void {
    this.database.afterCommit(() => {
      this.waiting.set(`survey:${surveyId}`, brandId);
      this.timer ??= setTimeout(() => this.send(), TOGETHER_MS).unref();
    });
  }

  async onApplicationShutdown(): Promise<void> {
    clearTimeout(this.timer);
    await this.flight;
  }

  private send(): void {
    this.timer = undefined;
    const topics = [...this.waiting];
    this.waiting.clear();
    this.flight = this.tell(topics).catch((error: unknown) => this.log.warn(`Telling open pages: ${String(error)}`));
  }

  private async tell(topics: [string, string][]): Promise<void> {
    for (const [topic, brandId] of topics) {
      await this.database.apart(brandId, (unit) => this.live.changed(unit, topic));
    }
  }
}
