import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import pg from 'pg';
import { Observable, Subject } from 'rxjs';
import type { Unit } from '../db/database.js';
import { DatabaseAddress } from '../db/address.js';

const CHANNEL = 'canvass_live';
const RECONNECT_MS = 1000;

/**
 * Tells open pages of every process that something changed: NOTIFY inside the changing transaction reaches them after
 * its commit, over one listening connection a process. Topics are like `survey:7`; nothing else travels.
 */
@Injectable()
export class Live implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly log = new Logger(Live.name);
  private readonly topics = new Map<string, Set<Subject<void>>>();
  private client: pg.Client | undefined;
  private nextTry: NodeJS.Timeout | undefined;
  private isStopping = false;

  constructor(private readonly address: DatabaseAddress) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.listen();
  }

  async onApplicationShutdown(): Promise<void> {
    this.isStopping = true;
    clearTimeout(this.nextTry);
    this.topics.forEach((pages) => pages.forEach((page) => page.complete()));
    await this.client?.end().catch(() => undefined);
  }

  /** Announces a change when the unit commits. */
  async changed(unit: Unit, topic: string): Promise<void> {
    await unit.prepared('live-changed', 'SELECT pg_notify($1, $2)', [CHANNEL, topic]);
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

  private async listen(): Promise<void> {
    const client = new pg.Client({ connectionString: this.address.url, keepAlive: true });
    client.on('error', () => undefined); // `end` follows and listens again
    client.on('end', () => this.again());
    client.on('notification', ({ payload }) => this.topics.get(payload ?? '')?.forEach((page) => page.next()));
    try {
      await client.connect();
      await client.query(`LISTEN ${CHANNEL}`);
      this.client = client;
    } catch (error) {
      this.log.warn(`Listening for changes failed: ${String(error)}`);
      this.again();
    }
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
