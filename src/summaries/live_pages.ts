import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import type { Response } from 'express';
import type { Observable } from 'rxjs';
import { DomainError } from '../platform/errors.js';

/** What an open page is fed with. */
export interface Feed {
  /** A tick for each change. */
  changes: Observable<void>;
  /** The page's parts as they are now. */
  render: () => Promise<string>;
  /** Whether the person may still look. */
  mayStay: () => Promise<boolean>;
}

/**
 * Open pages over server-sent events: the state at once, then again at most every `gapMs` while something changes,
 * however often it does. Each `pulseMs` a comment keeps proxies awake and the permission is looked at again, so a
 * sign-out or a withdrawn permission closes the page's stream. Where streams do not get through, the page polls.
 */
@Injectable()
export class LivePages implements BeforeApplicationShutdown {
  gapMs = 500;
  pulseMs = 15_000;
  private readonly open = new Set<Stream>();

  /** Feeds a page until it goes, the person may not look any more, or the process stops. */
  async serve(response: Response, feed: Feed): Promise<void> {
    const stream = new Stream(response, feed, this);
    this.open.add(stream);
    try {
      await stream.run();
    } catch (error) {
      if (!(error instanceof DomainError)) {
        throw error;
      }
    } finally {
      this.open.delete(stream);
      stream.stop();
    }
  }

  /** Before the web server waits for its open connections. */
  beforeApplicationShutdown(): void {
    this.open.forEach((stream) => stream.stop());
  }
}

class Stream {
  private hasChanged = true;
  private isDue = false;
  private isOver = false;
  private wake: () => void = () => undefined;

  constructor(
    private readonly response: Response,
    private readonly feed: Feed,
    private readonly pace: { gapMs: number; pulseMs: number },
  ) {}

  async run(): Promise<void> {
    this.begin();
    const pulse = setInterval(() => this.mark('isDue'), this.pace.pulseMs);
    const changes = this.feed.changes.subscribe({
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
      if (!(await this.feed.mayStay())) {
        this.stop();
        return;
      }
      await this.write(': still here\n\n');
    }
    if (this.hasChanged) {
      this.hasChanged = false;
      await this.write(asEvent(await this.feed.render()));
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

function asEvent(html: string): string {
  return `${html
    .split(/\r\n|\r|\n/)
    .map((line) => `data: ${line}`)
    .join('\n')}\n\n`;
}
