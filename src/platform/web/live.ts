import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import pg from 'pg';
import { Observable, Subject } from 'rxjs';
import { Database } from '../db/database.js';
import { DatabaseAddress } from '../db/address.js';

const CHANNEL = 'canvass_live';
const RECONNECT_MS = 1000;
/** Pages promise news within two seconds. */
const TOGETHER_MS = 250;

/**
 * Tells open pages of every process what units of work have changed (`Unit.changed`). All that was committed within a
 * quarter of a second is told by one NOTIFY of its own, over the connection that listens: PostgreSQL lets transactions
 * with a NOTIFY commit only one after the other, so inside the changing ones it would end the commits' sharing of one
 * disk flush. Topics are like `survey:7`; nothing else travels. What is told may be lost with the process: pages that
 * open later read the figures anyway.
 */
@Injectable()
export class Live implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly log = new Logger(Live.name);
  private readonly topics = new Map<string, Set<Subject<void>>>();
  /** Changed and not told yet. */
  private readonly waiting = new Set<string>();
  private nextTelling: NodeJS.Timeout | undefined;
  private client: pg.Client | undefined;
  private nextTry: NodeJS.Timeout | undefined;
  private isStopping = false;

  constructor(
    private readonly address: DatabaseAddress,
    database: Database,
  ) {
    database.onChanges = (topics) => this.tellSoon(topics);
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.listen();
  }

  async onApplicationShutdown(): Promise<void> {
    this.isStopping = true;
    clearTimeout(this.nextTry);
    this.topics.forEach((pages) => pages.forEach((page) => page.complete()));
    await this.tell();
    await this.client?.end().catch(() => undefined);
  }

  /** A tick for each change of `topic`, as long as somebody listens. */
  of(topic: string): Observable<void> {
    return new Observable<void>((subscriber) => {
      const page = new Subject<void>();
      const subscription = page.subscribe(subscriber);
      const pages = this.topics.get(topic) ?? new Set();
      this.topics.set(topic, pages.add(page));
      return () => {
        subscription.unsubscribe();
        pages.delete(page);
        if (pages.size === 0) {
          this.topics.delete(topic);
        }
      };
    });
  }

  private tellSoon(topics: ReadonlySet<string>): void {
    topics.forEach((topic) => this.waiting.add(topic));
    this.nextTelling ??= setTimeout(() => void this.tell(), TOGETHER_MS).unref();
  }

  /** What changes while nobody can be told waits for the next connection. */
  private async tell(): Promise<void> {
    clearTimeout(this.nextTelling);
    this.nextTelling = undefined;
    if (this.client === undefined || this.waiting.size === 0) {
      return;
    }
    const topics = [...this.waiting];
    this.waiting.clear();
    await this.client
      .query('SELECT pg_notify($1, topic) FROM unnest($2::text[]) topic', [CHANNEL, topics])
      .catch((error: unknown) => this.log.warn(`Telling open pages: ${String(error)}`));
  }

  private async listen(): Promise<void> {
    const client = new pg.Client({ connectionString: this.address.url, keepAlive: true });
    client.on('error', () => undefined); // `end` follows and listens again
    client.on('end', () => this.lost());
    client.on('notification', ({ payload }) => this.topics.get(payload ?? '')?.forEach((page) => page.next()));
    try {
      await client.connect();
      await client.query(`LISTEN ${CHANNEL}`);
      this.client = client;
      // What others told while nobody listened here is lost: every page looks once.
      this.topics.forEach((pages) => pages.forEach((page) => page.next()));
      await this.tell();
    } catch (error) {
      this.log.warn(`Listening for changes failed: ${String(error)}`);
      this.again();
    }
  }

  private lost(): void {
    this.client = undefined;
    this.again();
  }

  /** A connection that fails tells it twice, by its error and by its end: there is one next try all the same. */
  private again(): void {
    if (!this.isStopping && this.nextTry === undefined) {
      this.nextTry = setTimeout(() => {
        this.nextTry = undefined;
        void this.listen();
      }, RECONNECT_MS).unref();
    }
  }
}
