import { LimitReached } from '../errors.js';

export interface QueueLimits {
  /** How many are at work at once; one of each name. */
  atOnce: number;
  waiting: number;
  waitingOfOne: number;
  waitMs: number;
}

interface Waiting {
  whose: string;
  begin(): void;
  refuse(refusal: LimitReached): void;
}

/** Who may work now and who waits: first come, first served, but nobody is served twice at once. */
export class TaskQueue {
  private readonly atWork = new Set<string>();
  private waiting: Waiting[] = [];

  constructor(private readonly limits: QueueLimits) {}

  /**
   * Resolves when it is their turn, with what ends it.
   * @throws {LimitReached} when too many wait, or after having waited too long
   */
  async take(whose: string): Promise<() => void> {
    if (this.isFree(whose)) {
      return this.begin(whose);
    }
    const own = this.waiting.filter((one) => one.whose === whose).length;
    if (this.waiting.length >= this.limits.waiting || own >= this.limits.waitingOfOne) {
      throw busy();
    }
    return this.wait(whose);
  }

  /** Sends everybody away who waits. */
  close(refusal: LimitReached): void {
    this.waiting.splice(0).forEach((one) => one.refuse(refusal));
  }

  private isFree(whose: string): boolean {
    return this.atWork.size < this.limits.atOnce && !this.atWork.has(whose);
  }

  private begin(whose: string): () => void {
    this.atWork.add(whose);
    return () => {
      this.atWork.delete(whose);
      this.next();
    };
  }

  private wait(whose: string): Promise<() => void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.waiting = this.waiting.filter((other) => other !== one);
        reject(busy());
      }, this.limits.waitMs);
      const one: Waiting = {
        whose,
        begin: () => {
          clearTimeout(timer);
          resolve(this.begin(whose));
        },
        refuse: (refusal) => {
          clearTimeout(timer);
          reject(refusal);
        },
      };
      this.waiting.push(one);
    });
  }

  private next(): void {
    const first = this.waiting.find(({ whose }) => this.isFree(whose));
    if (first !== undefined) {
      this.waiting = this.waiting.filter((one) => one !== first);
      first.begin();
    }
  }
}

const RETRY_SECONDS = 30;

function busy(): LimitReached {
  return new LimitReached(
    'Too much is being worked at already. Nothing was changed; try again in a minute.',
    RETRY_SECONDS,
    'BUSY',
  );
}
