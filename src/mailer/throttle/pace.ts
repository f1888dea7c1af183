/** Even the slowest pace sends one mail in so long; a provider that does not take that is paused. */
const LONGEST_GAP_MS = 2000;
const FIRST_GAP_MS = 100;
/** Answers of one moment are one answer: ten connections that hear "too fast" at once slow down once. */
const MOMENT_MS = 1000;
/** So many mails must be taken before it goes faster again. */
const PROOF = 20;

export interface PaceLimits {
  /** Mails under way at once, at most and to begin with. */
  atOnce: number;
  startsWith?: number;
  perMinute?: number;
}

/**
 * One limit of a mail, and which answers tell it to slow down: those to our sender, to the recipient, to both, or none
 * because they may be a customer's of the provider.
 */
export interface Limit {
  key: string;
  limits: PaceLimits;
  hears: 'sender' | 'recipient' | 'both' | 'none';
}

/**
 * How fast one limit lets mails pass: so many at once, and a gap between two. Halves when told to slow down, and comes
 * back step by step while mails are taken. Its times are those of a clock that nobody sets.
 */
export class Pace {
  private underWay = 0;
  private width: number;
  private gapMs: number;
  private readonly leastGapMs: number;
  private nextAt = 0;
  private slowedAt: number | undefined;
  private taken = 0;
  /** "Too fast" since the last mail that was taken. */
  strikes = 0;

  constructor(private readonly limits: PaceLimits) {
    this.width = Math.min(limits.startsWith ?? limits.atOnce, limits.atOnce);
    this.leastGapMs = limits.perMinute === undefined ? 0 : 60_000 / limits.perMinute;
    this.gapMs = this.leastGapMs;
  }

  /** Milliseconds between two mails. */
  get gap(): number {
    return this.gapMs;
  }

  get isIdle(): boolean {
    return this.underWay === 0;
  }

  /** 0: now; Infinity: when one that is under way ends. */
  waitMs(now: number): number {
    return this.underWay >= this.width ? Infinity : Math.max(0, this.nextAt - now);
  }

  start(now: number): void {
    this.underWay += 1;
    this.nextAt = now + this.gapMs;
  }

  end(): void {
    this.underWay -= 1;
  }

  /** A mail was taken. A limit that still begins widens with each, one that was slowed after some. */
  well(): void {
    this.strikes = 0;
    this.taken += 1;
    const isYoung = this.slowedAt === undefined && this.width < this.limits.atOnce;
    if (isYoung || this.taken % PROOF === 0) {
      this.width = Math.min(this.width + 1, this.limits.atOnce);
      this.gapMs = this.gapMs < FIRST_GAP_MS / 2 ? this.leastGapMs : Math.max(this.gapMs * 0.8, this.leastGapMs);
    }
  }

  /** The other side wants less. */
  slow(now: number): void {
    if (this.slowedAt !== undefined && now - this.slowedAt < MOMENT_MS) return;
    this.slowedAt = now;
    this.strikes += 1;
    this.taken = 0;
    this.width = Math.max(1, Math.floor(Math.min(this.width, 64) / 2));
    this.gapMs = Math.max(this.leastGapMs, Math.min(LONGEST_GAP_MS, Math.max(FIRST_GAP_MS, this.gapMs * 2)));
  }
}
