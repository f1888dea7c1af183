import type { Clock } from '../clock.js';

/** How much a key may take: so much at once, and so much again each second. */
export interface Allowance {
  burst: number;
  perSecond: number;
}

interface Bucket {
  level: number;
  at: number;
}

/** A key of 50 letters with its bucket takes about 200 bytes: 4 MB. */
const KEPT_KEYS = 20_000;

/**
 * Token buckets, one a key, in the memory of this process: a full one lets a burst through, an empty one says when it is
 * worth coming back. So many keys are kept at most; the one that was used least lately is forgotten for a new one, so a
 * flood from more networks than that needs a bucket above them all.
 */
export class TokenBuckets {
  private readonly buckets = new Map<string, Bucket>();

  /** @param allowance `burst: 0` is no limit at all */
  constructor(
    private readonly clock: Clock,
    private readonly allowance: Allowance,
    private readonly keptKeys: number = KEPT_KEYS,
  ) {}

  /** How many keys are known; never more than are kept. */
  get size(): number {
    return this.buckets.size;
  }

  /**
   * Takes so much, or nothing. More than a burst counts as a burst: it is let through by a full bucket alone.
   * @returns 0, or in how many whole seconds it will be there
   */
  take(key: string, count = 1): number {
    const wait = this.waitFor(key, count);
    if (wait === 0 && this.isLimited) {
      this.set(key, this.levelOf(key) - this.atMost(count));
    }
    return wait;
  }

  /** What `take` would say, without taking. */
  waitFor(key: string, count = 1): number {
    const missing = this.isLimited ? this.atMost(count) - this.levelOf(key) : 0;
    return missing <= 0 ? 0 : Math.max(1, Math.ceil(missing / this.allowance.perSecond));
  }

  /** What was taken and not used after all. */
  giveBack(key: string, count = 1): void {
    if (this.buckets.has(key)) {
      this.set(key, Math.min(this.allowance.burst, this.levelOf(key) + this.atMost(count)));
    }
  }

  private get isLimited(): boolean {
    return this.allowance.burst > 0;
  }

  private atMost(count: number): number {
    return Math.min(count, this.allowance.burst);
  }

  private levelOf(key: string): number {
    const { burst, perSecond } = this.allowance;
    const bucket = this.buckets.get(key);
    // A clock that was set back fills nothing and takes nothing.
    const seconds = bucket === undefined ? 0 : Math.max(0, this.clock.ms() - bucket.at) / 1000;
    return bucket === undefined ? burst : Math.min(burst, bucket.level + seconds * perSecond);
  }

  /** The key that was written last stands last, so the first one is the one to forget. */
  private set(key: string, level: number): void {
    this.buckets.delete(key);
    if (this.buckets.size >= this.keptKeys) {
      this.buckets.delete(this.buckets.keys().next().value!);
    }
    this.buckets.set(key, { level, at: this.clock.ms() });
  }
}
