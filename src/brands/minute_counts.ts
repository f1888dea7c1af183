const MINUTE_MS = 60_000;

/** Calls of this minute and of the one before. */
interface Count {
  now: number;
  before: number;
}

/** What other processes do not know yet. */
export interface Unsent {
  minute: number;
  key: string;
  count: number;
}

/**
 * Counts by key over the last sixty seconds: all of this minute, and of the one before the share that still lies within
 * sixty seconds. So twice the limit never passes around the turn of a minute, and two numbers a key are enough.
 */
export class MinuteCounts {
  private minute = 0;
  private counts = new Map<string, Count>();
  private unsent = new Map<string, Unsent>();

  /** In the last sixty seconds. */
  recent(key: string, ms: number): number {
    this.turn(ms);
    const { now, before } = this.counts.get(key) ?? { now: 0, before: 0 };
    return now + before * (1 - (ms % MINUTE_MS) / MINUTE_MS);
  }

  /** @returns 0, or in how many whole seconds one more fits below the limit */
  waitFor(key: string, limit: number, ms: number): number {
    if (this.recent(key, ms) + 1 <= limit) {
      return 0;
    }
    const { now, before } = this.counts.get(key)!;
    const passed = ms % MINUTE_MS;
    const left = limit - 1;
    const waitMs = now > left ? MINUTE_MS - passed + fadesAfter(now, left) : fadesAfter(before, left - now) - passed;
    return Math.max(1, Math.ceil(waitMs / 1000));
  }

  add(key: string, count: number, ms: number): void {
    this.turn(ms);
    const counted = this.counts.get(key) ?? { now: 0, before: 0 };
    this.counts.set(key, { ...counted, now: Math.max(0, counted.now + count) });
    const place = `${this.minute} ${key}`;
    const waiting = this.unsent.get(place)?.count ?? 0;
    this.unsent.set(place, { minute: this.minute, key, count: waiting + count });
  }

  /** Takes what has to be told to the others. */
  takeUnsent(): Unsent[] {
    const taken = [...this.unsent.values()].filter(({ count }) => count !== 0);
    this.unsent.clear();
    return taken;
  }

  /** What could not be told waits for the next time. */
  putBack(unsent: readonly Unsent[]): void {
    for (const { minute, key, count } of unsent) {
      const place = `${minute} ${key}`;
      this.unsent.set(place, { minute, key, count: count + (this.unsent.get(place)?.count ?? 0) });
    }
  }

  /** The counts of all processes, and on top of them what this one has counted since it asked. */
  learn(rows: readonly Unsent[], ms: number): void {
    this.turn(ms);
    for (const { minute, key, count } of rows) {
      const known = this.counts.get(key) ?? { now: 0, before: 0 };
      const sum = count + (this.unsent.get(`${minute} ${key}`)?.count ?? 0);
      if (minute === this.minute) {
        this.counts.set(key, { ...known, now: sum });
      } else if (minute === this.minute - 1) {
        this.counts.set(key, { ...known, before: sum });
      }
    }
  }

  /** A new minute: keys that were quiet are forgotten. After a leap of the clock all counts begin anew. */
  private turn(ms: number): void {
    const minute = Math.floor(ms / MINUTE_MS);
    if (minute === this.minute) {
      return;
    }
    const follows = minute === this.minute + 1;
    this.counts = new Map(
      follows
        ? [...this.counts].filter(([, { now }]) => now > 0).map(([key, { now }]) => [key, { now: 0, before: now }])
        : [],
    );
    this.minute = minute;
  }
}

/** How far into the next minute so many are few enough, in milliseconds. */
function fadesAfter(count: number, left: number): number {
  return count <= left ? 0 : MINUTE_MS * (1 - Math.max(0, left) / count);
}
