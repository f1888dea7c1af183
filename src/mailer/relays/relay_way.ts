import { openSession, RelayDown } from '../connection.js';
import { Connections } from '../connections.js';
import type { OutgoingMail } from '../outgoing_mail.js';
import { domainPart } from '../mail_address.js';
import type { Relay } from '../relay.js';
import type { Session } from '../session.js';
import { providerOfDomain } from '../throttle/providers.js';
import type { Destination, Lent, Way } from '../way.js';
import { Breaker } from './breaker.js';

/** Who a relay hears as the sender of a mail; `verp` names its message, so that bounces find it. */
export type SenderRule = { kind: 'verp' } | { kind: 'from' } | { kind: 'fixed'; address: string };

export interface RelayTerms {
  name: string;
  key: string;
  relay: Relay;
  sender?: SenderRule;
  /** Mails a minute; absent: as many as it takes. */
  perMinute?: number | undefined;
  /** Is told when it does not answer, and with `undefined` whenever it does. */
  heard?: (down: RelayDown | undefined) => void;
}

/** A relay knows the recipients' servers and their limits itself: to begin with nothing but its own wishes holds us back. */
const UNLIMITED = 1_000_000;

/** The way over one relay. */
export class RelayWay implements Way {
  private readonly breaker: Breaker;
  private readonly connections: Connections;

  constructor(
    private readonly terms: RelayTerms,
    now: () => number,
  ) {
    this.breaker = new Breaker(now, terms.heard);
    this.connections = new Connections(terms.relay, (relay) => this.opened(relay));
  }

  get name(): string {
    return this.terms.name;
  }

  get key(): string {
    return this.terms.key;
  }

  get isOpen(): boolean {
    return this.breaker.reason === undefined;
  }

  /** Why nothing goes by it now. */
  get trouble(): string | undefined {
    return this.breaker.reason?.message;
  }

  destinationOf({ recipient, from }: OutgoingMail): Destination {
    const provider = providerOfDomain(domainPart(recipient));
    const { key, relay, perMinute } = this.terms;
    const atOnce = perMinute === undefined ? UNLIMITED : relay.connections;
    return {
      provider,
      limits: [
        { key: `${key} ${provider.name}`, limits: { atOnce: UNLIMITED }, hears: 'recipient' },
        { key: `${key} from ${domainPart(from)}`, limits: { atOnce: UNLIMITED }, hears: 'sender' },
        { key, limits: perMinute === undefined ? { atOnce } : { atOnce, perMinute }, hears: 'sender' },
      ],
    };
  }

  senderOf(mail: OutgoingMail): string {
    const { sender } = this.terms;
    if (sender === undefined || sender.kind === 'verp') return mail.sender;
    return sender.kind === 'fixed' ? sender.address : mail.from;
  }

  async lend({ isUrgent }: OutgoingMail): Promise<Lent> {
    const session = await this.watched(() => this.connections.acquire(isUrgent));
    return { session, giveBack: () => this.connections.release(session) };
  }

  /** Greets and signs in, if it may be asked now. @throws {RelayDown} */
  async knock(): Promise<void> {
    (await this.watched(() => this.opened(this.terms.relay))).quit();
  }

  close(): void {
    this.connections.close();
  }

  abort(): void {
    this.connections.abort();
  }

  private async watched(ask: () => Promise<Session>): Promise<Session> {
    const { reason } = this.breaker;
    if (reason !== undefined) throw reason;
    try {
      return await ask();
    } catch (error) {
      if (error instanceof RelayDown) this.breaker.failed(error);
      throw error;
    }
  }

  /** One connection more that is refused may only be one too many; a refused sign-in concerns all. */
  private async opened(relay: Relay): Promise<Session> {
    try {
      const session = await openSession(relay);
      this.breaker.worked();
      return session;
    } catch (error) {
      if (error instanceof RelayDown && error.step === 'sign_in') this.breaker.failed(error);
      throw error;
    }
  }
}
