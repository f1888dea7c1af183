import type { Channel, Outgoing } from '../platform/channel.js';
import { MailBatch } from './mail_batch.js';
import type { MailDetail, MailOutcome } from './mail_outcome.js';
import { OutcomeStream } from './outcome_stream.js';
import type { Throttle } from './throttle/throttle.js';
import type { Way } from './way.js';

/** A mail as the channel takes it. */
export interface OutgoingMail extends Outgoing {
  brandId: string;
  /** The From address; relays may be for certain domains only. */
  from: string;
  /** Envelope sender, one per message (VERP). */
  sender: string;
  /** The one address it goes to; international domains already as A-labels. */
  recipient: string;
  /**
   * Puts the mail together and signs it, somewhat before its turn.
   * @throws {MailRefused} when it can't be a mail, e.g. its subject is too long
   * @throws {NotSigned}
   */
  content(): Buffer | Promise<Buffer>;
  /** Single mails overtake bulk ones. */
  isUrgent?: boolean;
  /** Goes to the development mailbox whatever relay there is: demo mails never leave the machine. */
  mailboxOnly?: boolean;
}

/** The wire commit: asked once a message, just before its body leaves. */
export type Ask = (messageId: string) => Promise<boolean>;

/** The ways a mail may leave by, the best first. */
export type Route = (mail: OutgoingMail) => Promise<readonly Way[]> | readonly Way[];

/**
 * E-mail as a channel. A batch is worked off by as many lanes as there may be connections; each lane takes the next
 * mail that may go, borrows a connection for it and gives it back. Safe to run several times at once.
 */
export class EmailChannel implements Channel<OutgoingMail, MailDetail> {
  constructor(
    private readonly route: Route,
    private readonly throttle: Throttle,
    private readonly lanes: number,
  ) {}

  async *send(mails: readonly OutgoingMail[], beforeBody: Ask): AsyncIterable<MailOutcome> {
    const outcomes = new OutcomeStream<MailOutcome>();
    const batch = new MailBatch(mails, { beforeBody, route: this.route, throttle: this.throttle, outcomes });
    const finished = batch.all(Math.min(this.lanes, mails.length));
    try {
      yield* outcomes;
    } finally {
      batch.stop();
      await finished;
    }
  }
}
