import type { Clock } from '../clock.js';
import { networksOf } from './networks.js';
import { type Allowance, TokenBuckets } from './token_buckets.js';

/** A site of many houses may take so many times what one house may. */
const WIDE = 4;

interface Part {
  buckets: TokenBuckets;
  key: string;
}

/**
 * One allowance for each network that visitors come from: an IPv4 address, an IPv6 /64, and four times as much for the /48
 * around it. Kept in this process: N web processes allow N times as much.
 */
export class NetworkAllowance {
  private readonly near: TokenBuckets;
  private readonly wide: TokenBuckets;
  private readonly overall: TokenBuckets | undefined;

  /** @param overall what all networks together may take, for each `about`; unset: no bound */
  constructor(clock: Clock, { burst, perSecond }: Allowance, overall?: Allowance) {
    this.near = new TokenBuckets(clock, { burst, perSecond });
    this.wide = new TokenBuckets(clock, { burst: burst * WIDE, perSecond: perSecond * WIDE });
    this.overall = overall === undefined || burst === 0 ? undefined : new TokenBuckets(clock, overall);
  }

  /**
   * Takes from every bucket, or from none.
   * @param about what is counted apart, such as a survey
   * @returns 0, or in how many whole seconds it is worth coming back
   */
  take(address: string | undefined, { about = '', count = 1 }: { about?: string; count?: number } = {}): number {
    const parts = this.partsOf(address, about);
    const wait = longest(parts, count);
    if (wait === 0) {
      parts.forEach(({ buckets, key }) => buckets.take(key, count));
    }
    return wait;
  }

  /** What `take` would say, without taking. */
  waitFor(address: string | undefined, { about = '', count = 1 }: { about?: string; count?: number } = {}): number {
    return longest(this.partsOf(address, about), count);
  }

  /** What `take` would say where all networks together had no bound. */
  waitOfNetwork(
    address: string | undefined,
    { about = '', count = 1 }: { about?: string; count?: number } = {},
  ): number {
    return longest(
      this.partsOf(address, about).filter(({ buckets }) => buckets !== this.overall),
      count,
    );
  }

  /** What was taken and not used after all. */
  giveBack(address: string | undefined, { about = '', count = 1 }: { about?: string; count?: number } = {}): void {
    this.partsOf(address, about).forEach(({ buckets, key }) => buckets.giveBack(key, count));
  }

  private partsOf(address: string | undefined, about: string): Part[] {
    const { near, wide } = networksOf(address);
    return [
      { buckets: this.near, key: `${near} ${about}` },
      ...(wide === undefined ? [] : [{ buckets: this.wide, key: `${wide} ${about}` }]),
      ...(this.overall === undefined ? [] : [{ buckets: this.overall, key: about }]),
    ];
  }
}

function longest(parts: readonly Part[], count: number): number {
  return Math.max(...parts.map(({ buckets, key }) => buckets.waitFor(key, count)));
}
