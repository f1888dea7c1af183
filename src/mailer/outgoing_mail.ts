import type { Outgoing } from '../platform/channel.js';

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
