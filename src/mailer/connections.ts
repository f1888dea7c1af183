import { openSession, RelayDown } from './connection.js';
import type { Relay } from './relay.js';
import type { Session } from './session.js';

// Relays drop idle clients after minutes; a new send after this long pays one handshake.
const IDLE_MS = 15_000;
// A server that refused one more connection is not asked again for this long while others still work.
const HOLD_BACK_MS = 30_000;

interface Waiter {
  isUrgent: boolean;
  resolve(session: Session): void;
  reject(error: RelayDown): void;
}

/**
 * The kept-alive connections of this process to one relay. Lends a connection for one mail at a time, so that a small
 * urgent mail gets the next free one and need not wait for the end of a bulk send.
 */
export class Connections {
  private readonly idle: { session: Session; timer: NodeJS.Timeout }[] = [];
  private readonly waiting: Waiter[] = [];
  private readonly lentOut = new Set<Session>();
  private opening = 0;
  private isClosed = false;
  private holdsBack = false;

  constructor(
    private readonly relay: Relay,
    private readonly open: (relay: Relay) => Promise<Session> = openSession,
  ) {}

  /**
   * Lends a connection; give it back with `release`.
   * @throws {RelayDown} when no connection is open and none can be opened
   */
  acquire(isUrgent = false): Promise<Session> {
    if (this.isClosed) return Promise.reject(new RelayDown('Sending is shutting down', this.relay.host));
    return new Promise((resolve, reject) => {
      this.queue({ isUrgent, resolve, reject });
      this.serve();
    });
  }

  /** Nothing of it is open or awaited. */
  get isUnused(): boolean {
    return this.lentOut.size + this.idle.length + this.waiting.length + this.opening === 0;
  }

  release(session: Session): void {
    this.lentOut.delete(session);
    if (session.isUsable && session.sent < this.relay.messagesPerConnection && !this.isClosed) this.rest(session);
    else session.quit();
    this.serve();
  }

  /** Opens no more and says goodbye to the idle ones; lent ones end when they come back. */
  close(): void {
    this.isClosed = true;
    for (const { session, timer } of this.idle.splice(0)) {
      clearTimeout(timer);
      session.quit();
    }
    this.refuseAll(new RelayDown('Sending is shutting down', this.relay.host));
  }

  /** Breaks what is still under way: its mails are uncertain or not sent, and somebody is there to write that down. */
  abort(): void {
    this.close();
    this.lentOut.forEach((session) => session.abort());
  }

  private queue(waiter: Waiter): void {
    const place = waiter.isUrgent ? this.waiting.findIndex((other) => !other.isUrgent) : -1;
    this.waiting.splice(place < 0 ? this.waiting.length : place, 0, waiter);
  }

  private serve(): void {
    while (this.waiting.length > 0) {
      const session = this.takeIdle();
      if (!session) break;
      this.lentOut.add(session);
      this.waiting.shift()?.resolve(session);
    }
    while (this.mayOpen()) this.openOne();
  }

  private takeIdle(): Session | undefined {
    for (let entry = this.idle.pop(); entry; entry = this.idle.pop()) {
      clearTimeout(entry.timer);
      if (entry.session.isUsable) return entry.session;
      entry.session.quit();
    }
    return undefined;
  }

  /** The first connection is opened alone: a relay that is down is asked once, not ten times at once. */
  private mayOpen(): boolean {
    if (this.isClosed || this.waiting.length <= this.opening) return false;
    const live = this.lentOut.size + this.idle.length;
    if (live === 0) return this.opening === 0;
    return !this.holdsBack && live + this.opening < this.relay.connections;
  }

  private openOne(): void {
    this.opening += 1;
    void this.open(this.relay).then(
      (session) => this.opened(session),
      (error: unknown) => this.failed(error),
    );
  }

  private opened(session: Session): void {
    this.opening -= 1;
    if (this.isClosed) session.quit();
    else this.rest(session);
    this.serve();
  }

  /** While others work, a refused extra connection only means that the server wants fewer. */
  private failed(error: unknown): void {
    this.opening -= 1;
    if (this.lentOut.size + this.idle.length > 0) {
      this.holdsBack = true;
      setTimeout(() => (this.holdsBack = false), HOLD_BACK_MS).unref();
      return;
    }
    this.refuseAll(error instanceof RelayDown ? error : new RelayDown(String(error), this.relay.host));
  }

  private refuseAll(error: RelayDown): void {
    for (const waiter of this.waiting.splice(0)) waiter.reject(error);
  }

  private rest(session: Session): void {
    const entry = { session, timer: setTimeout(() => this.retire(session), IDLE_MS).unref() };
    this.idle.push(entry);
  }

  private retire(session: Session): void {
    const place = this.idle.findIndex((entry) => entry.session === session);
    if (place >= 0) this.idle.splice(place, 1);
    session.quit();
  }
}
