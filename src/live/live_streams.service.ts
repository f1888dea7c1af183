import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import type { Response } from 'express';
import type { Observable } from 'rxjs';

/** One open page. */
export interface Follower {
  /** Whose page it is. */
  person: string;
  /** A tick for each change. */
  changes: Observable<void>;
  /** Whether the person may still look. */
  mayStay: () => Promise<boolean>;
}

const TICK = 'tick';

/**
 * Tells open pages by server-sent events that something changed: one tick at once, for what happened since the page was
 * drawn, then at most one every `gapMs`, however much changes. A tick carries nothing: the page's parts ask for
 * themselves. Each `pulseMs` a comment keeps proxies awake and the permission is looked at again, so a sign-out or a
 * withdrawn permission closes the page's stream. Who gets no stream asks every ten seconds (`shared/_live`).
 */
@Injectable()
export class LiveStreams implements BeforeApplicationShutdown {
  gapMs = 1000;
  pulseMs = 15_000;
  /** So many pulses after the last tick comes one more: what was lost with its process is seen within a minute. */
  pulsesToTick = 4;
  /** Open pages of this process; each costs three small questions to the database every pulse. */
  most = 1000;
  /** Tabs in the background have no stream, so these are windows. */
  mostOfPerson = 16;
  private readonly open = new Set<Stream>();

  /** Feeds a page until it goes, the person may not look any more, or the process stops. */
  async serve(response: Response, follower: Follower): Promise<void> {
    if (this.isFull(follower.person)) {
      // No stream this time: one tick, and the page comes again in ten seconds.
      response.status(204).set('HX-Trigger', TICK).end();
      return;
    }
    const stream = new Stream(response, follower, this);
    this.open.add(stream);
    try {
      await stream.run();
    } finally {
      this.open.delete(stream);
      stream.stop();
    }
  }

  /** Before the web server waits for its open connections. */
  beforeApplicationShutdown(): void {
    this.open.forEach((stream) => stream.stop());
  }

  private isFull(person: string): boolean {
    const theirs = [...this.open].filter(({ follower }) => follower.person === person);
    return this.open.size >= this.most || theirs.length >= this.mostOfPerson;
  }
}

class Stream {
  private hasChanged = true;
  private isDue = false;
  /** Pulses since the last tick. */
  private calm = 0;
  private isOver = false;
  private wake: () => void = () => undefined;

  constructor(
    private readonly response: Response,
    readonly follower: Follower,
    private readonly pace: { gapMs: number; pulseMs: number; pulsesToTick: number },
  ) {}

  async run(): Promise<void> {
    this.begin();
    const pulse = setInterval(() => this.mark('isDue'), this.pace.pulseMs);
    const changes = this.follower.changes.subscribe({
      next: () => this.mark('hasChanged'),
      complete: () => this.stop(),
    });
    this.response.on('close', () => this.stop());
    try {
      while (await this.something()) {
        await this.answer();
      }
    } finally {
      clearInterval(pulse);
      changes.unsubscribe();
    }
  }

  stop(): void {
    if (!this.isOver) {
      this.isOver = true;
      this.response.end();
    }
    this.wake();
  }

  private begin(): void {
    this.response.status(200).set({
      'Content-Type': 'text/event-stream; charset=utf-8',
      'Cache-Control': 'no-store, no-transform',
      'X-Accel-Buffering': 'no',
    });
    this.response.flushHeaders();
  }

  private mark(what: 'hasChanged' | 'isDue'): void {
    this[what] = true;
    this.wake();
  }

  /** Waits until there is something to do. @returns false when it is over */
  private async something(): Promise<boolean> {
    if (!this.isOver && !this.hasChanged && !this.isDue) {
      await new Promise<void>((resolve) => (this.wake = resolve));
    }
    return !this.isOver;
  }

  private async answer(): Promise<void> {
    if (this.isDue) {
      this.isDue = false;
      this.calm += 1;
      this.hasChanged ||= this.calm >= this.pace.pulsesToTick;
      if (!(await this.follower.mayStay())) {
        this.stop();
        return;
      }
      await this.write(': still here\n\n');
    }
    if (this.hasChanged) {
      this.hasChanged = false;
      this.calm = 0;
      await this.write(`event: ${TICK}\n\n`);
      await pause(this.pace.gapMs);
    }
  }

  /** A reader that is slower than the changes gets fewer of them, not a growing queue. */
  private async write(text: string): Promise<void> {
    if (!this.isOver && !this.response.write(text)) {
      await Promise.race([once(this.response, 'drain'), once(this.response, 'close')]);
    }
  }
}
