import { LimitReached } from '../errors.js';
import { networksOf } from './networks.js';

/** How much of some work goes on at the same time. */
export interface TurnBounds {
  atOnce: number;
  /** Of those, for one network. */
  ofNetwork: number;
  /** How many wait for their turn; whoever comes on top is refused. */
  waiting: number;
  waitingOfNetwork: number;
  /** What the refused are told, and after how many seconds they may come back. */
  words: string;
  seconds: number;
}

/**
 * Lets networks take turns at work: however much one of them asks for, the others wait for one piece of it and not for all.
 * Nothing is refused before very much is waiting, so a crowd behind one address is only slowed down.
 */
export class Turns {
  private count = 0;
  private waiters = 0;
  private readonly running = new Map<string, number>();
  private readonly waiting = new Map<string, (() => void)[]>();

  constructor(private readonly bounds: TurnBounds) {}

  /** @throws {LimitReached} where too much waits already, before any of the work */
  async within<T>(address: string | undefined, work: () => Promise<T>): Promise<T> {
    const { near } = networksOf(address);
    await this.turnOf(near);
    try {
      return await work();
    } finally {
      this.end(near);
    }
  }

  private turnOf(network: string): Promise<void> | void {
    if (!this.waiting.has(network) && this.hasRoom(network)) {
      this.begin(network);
      return;
    }
    const { waiting, waitingOfNetwork, words, seconds } = this.bounds;
    const queue = this.waiting.get(network) ?? [];
    if (this.waiters >= waiting || queue.length >= waitingOfNetwork) {
      throw new LimitReached(words, seconds);
    }
    this.waiters += 1;
    return new Promise((resolve) => {
      queue.push(resolve);
      this.waiting.set(network, queue);
    });
  }

  private hasRoom(network: string): boolean {
    return this.count < this.bounds.atOnce && (this.running.get(network) ?? 0) < this.bounds.ofNetwork;
  }

  private begin(network: string): void {
    this.count += 1;
    this.running.set(network, (this.running.get(network) ?? 0) + 1);
  }

  private end(network: string): void {
    this.count -= 1;
    const left = (this.running.get(network) ?? 1) - 1;
    if (left > 0) {
      this.running.set(network, left);
    } else {
      this.running.delete(network);
    }
    this.next();
  }

  /** The network that has waited longest since its last turn; its others line up behind everybody else's. */
  private next(): void {
    const found = this.waiting.entries().find(([network]) => this.hasRoom(network));
    if (found === undefined) {
      return;
    }
    const [network, queue] = found;
    const first = queue.shift()!;
    this.waiting.delete(network);
    if (queue.length > 0) {
      this.waiting.set(network, queue);
    }
    this.waiters -= 1;
    this.begin(network);
    first();
  }
}
