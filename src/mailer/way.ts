import type { Session } from './session.js';
import type { Provider } from './throttle/providers.js';
import type { Limit } from './throttle/pace.js';
import type { OutgoingMail } from './outgoing_mail.js';

/** The ways a mail may leave by, the best first. */
export type Route = (mail: OutgoingMail) => Promise<readonly Way[]> | readonly Way[];

/** A connection for one mail. */
export interface Lent {
  session: Session;
  giveBack: () => void;
}

/** Where a recipient's mails go on a way, and how many of them may at once. */
export interface Destination {
  provider: Provider;
  limits: readonly Limit[];
}

/** A way out of the house: a relay, or directly to the servers of each recipient. */
export interface Way {
  /** As people know it. */
  readonly name: string;
  /** What providers think of us belongs to a way: where it is kept. */
  readonly key: string;
  destinationOf(mail: OutgoingMail): Destination | Promise<Destination>;
  /** The envelope sender that this way wants. */
  senderOf(mail: OutgoingMail): string;
  /** False while it is known to be closed: asking would be in vain. */
  readonly isOpen: boolean;
  /**
   * @throws {RelayDown} when this way is closed for all mails
   * @throws {Unreachable} when only this recipient can't be reached
   */
  lend(mail: OutgoingMail): Promise<Lent>;
  /** Ends its connections when they come back. */
  close(): void;
  /** Breaks its connections. */
  abort(): void;
}

/** This recipient can't be reached: for now, or because its domain takes no mails. Other recipients may well be. */
export class Unreachable extends Error {
  constructor(
    message: string,
    readonly status: 'deferred' | 'refused',
    readonly code: number,
    readonly enhanced: string,
    readonly host?: string,
  ) {
    super(message);
  }
}
