import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { getQueueToken } from '@nestjs/bull';
import type { Job, Queue } from 'bull';
import { Database } from '../db/database.js';
import { type JobKind, Jobs, type Performs } from './jobs.js';
import { RedisConnections } from './redis.js';

// Wake-ups of the same key are one while the first waits. Should a process die between this mark and the wake-up
// itself, the mark ends by itself and the sweep has found the work meanwhile.
const MARK_SECONDS = 5;
const PUBLISH_MS = 1000;

/**
 * The jobs port over Redis: a wake-up reaches one of any number of workers. Redis carries ids and nothing else, and may
 * be flushed, full or gone at any time: what it loses, the sweep of every worker finds in PostgreSQL; a wake-up that
 * can't be published wakes this process itself, where it works.
 */
@Injectable()
export class BullJobs extends Jobs {
  private isListening = false;

  constructor(
    database: Database,
    private readonly modules: ModuleRef,
    private readonly redis: RedisConnections,
  ) {
    super(database);
  }

  /** Queues are listened to as performers register, at bootstrap: in whatever order modules start, none is missed. */
  override register<P>(kind: JobKind<P>, performer: Performs<P>, isWorked = true): void {
    super.register(kind, performer, isWorked);
    if (isWorked) {
      this.listenTo(kind as unknown as JobKind<never>);
    }
  }

  override async beforeApplicationShutdown(): Promise<void> {
    await Promise.all(
      this.isListening && this.redis.isThere
        ? this.worked.map((kind) => this.queueOf(kind.name).pause(true, true))
        : [],
    );
    await super.beforeApplicationShutdown();
  }

  protected override tell<P>(kind: JobKind<P>, payload: P): void {
    if (!this.redis.isThere) {
      this.wake(kind.name, payload);
      return;
    }
    this.publish(kind, payload).catch((error: unknown) => {
      this.log.warn(`${kind.name}: the wake-up was not published (${String(error)})`);
      this.wake(kind.name, payload);
    });
  }

  private async publish<P>(kind: JobKind<P>, payload: P): Promise<void> {
    const mark = markOf(kind.name, kind.key(payload));
    const marked = await inTime(this.redis.of('client').set(mark, '1', 'EX', MARK_SECONDS, 'NX'));
    if (marked === 'OK') {
      await inTime(this.queueOf(kind.name).add(payload));
    }
  }

  private listenTo(kind: JobKind<never>): void {
    this.isListening = true;
    const queue = this.queueOf(kind.name);
    queue.on('error', () => undefined); // told by the connections
    queue
      .process(kind.atOnce, (job) => this.take(kind, job))
      .catch((error: unknown) => {
        this.log.warn(`${kind.name}: the queue is not listened to (${String(error)}); the sweep goes on`);
      });
  }

  /** The mark goes first: whoever wakes from here on means a run after this one. */
  private async take(kind: JobKind<never>, { data }: Job<unknown>): Promise<void> {
    await inTime(this.redis.of('client').del(markOf(kind.name, kind.key(data as never)))).catch(() => 0);
    this.wake(kind.name, data);
    await this.done(kind.name, data);
  }

  private queueOf(name: string): Queue {
    return this.modules.get<Queue>(getQueueToken(name), { strict: false });
  }
}

function markOf(name: string, key: string): string {
  return `canvass:wake:${name}:${createHash('sha256').update(key).digest('base64url')}`;
}

/** A command that waits for a connection must not keep anybody waiting. */
async function inTime<T>(command: PromiseLike<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('Redis did not answer in time')), PUBLISH_MS);
  });
  try {
    return await Promise.race([command, late]);
  } finally {
    clearTimeout(timer);
  }
}
