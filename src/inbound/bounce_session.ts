import type { BounceLimits } from './bounce_limits.js';

/** Commands that end a conversation or go on with what is under way. */
const FREE = new Set(['QUIT']);

/** One connection at the door: what it has done and for how long. Times are spans of `performance.now()`. */
export class BounceSession {
  private readonly since = performance.now();
  private commandAt = this.since;
  private fruitless = 0;
  private strangers = 0;
  private begun = 0;
  private bytes = 0;
  /** Bytes of a mail come in; `deciding`: it is ours to say whether it is taken. */
  private state: 'talking' | 'receiving' | 'deciding' = 'talking';
  private stateSince = this.since;

  constructor(
    readonly address: string,
    private readonly limits: BounceLimits,
  ) {}

  /** @returns why it was one too many, as words of a reply */
  command(name: string): string | undefined {
    this.commandAt = performance.now();
    if (FREE.has(name)) {
      return undefined;
    }
    this.fruitless += 1;
    return this.fruitless > this.limits.fruitless ? '4.7.0 Too many commands and no mail' : undefined;
  }

  /** @returns why no further mail may begin in this connection */
  mailBegins(): string | undefined {
    if (this.begun >= this.limits.mails) {
      return '4.7.0 Enough mails for one connection, go on in another one';
    }
    this.begun += 1;
    return undefined;
  }

  /** @returns whether there were too many of them */
  meetsStranger(): boolean {
    this.strangers += 1;
    return this.strangers >= this.limits.strangers;
  }

  receives(): void {
    this.turn('receiving');
    this.bytes = 0;
  }

  got(bytes: number): void {
    this.bytes += bytes;
  }

  decides(): void {
    this.turn('deciding');
  }

  /** The mail is over; only one that was taken is progress. */
  decided(isTaken: boolean): void {
    this.turn('talking');
    this.commandAt = performance.now();
    if (isTaken) {
      this.fruitless = 0;
    }
  }

  /** @returns why its time is over; undefined: it is not */
  overdue(): string | undefined {
    const now = performance.now();
    const { sessionMs, firstMailMs, commandMs } = this.limits;
    if (this.state === 'deciding') {
      return undefined; // it waits for us
    }
    if (now - this.since > sessionMs) {
      return '4.4.2 This connection has lasted long enough, go on in another one';
    }
    if (this.state === 'receiving') {
      return this.isTooSlow(now) ? '4.4.2 The mail comes too slowly' : undefined;
    }
    if (now - this.commandAt > commandMs) {
      return '4.4.2 No command came';
    }
    return this.begun === 0 && now - this.since > firstMailMs ? '4.4.2 No mail came' : undefined;
  }

  private isTooSlow(now: number): boolean {
    const { pace, paceAfterMs } = this.limits;
    const ms = now - this.stateSince;
    return ms > paceAfterMs && this.bytes < (pace * ms) / 1000;
  }

  private turn(state: 'talking' | 'receiving' | 'deciding'): void {
    this.state = state;
    this.stateSince = performance.now();
  }
}
