import type { Outcome } from '../platform/channel.js';

/** How far a try came. Up to `wire` no byte of the message had left; from `reply` on all of them had. */
export type Phase = 'compose' | 'connect' | 'sender' | 'recipient' | 'wire' | 'body' | 'reply';

/** What is known of a try to send a mail beside how it ended. */
export interface MailDetail {
  phase: Phase;
  /** Basic reply code, such as 250 or 451. */
  code?: number;
  /** Enhanced status, such as 4.2.2. */
  enhanced?: string;
  /** The server's address at that moment. */
  ip?: string;
  tls?: boolean;
  /** The server's own name for the message it took. */
  queueId?: string;
  /** The way itself is closed (no connection, sign-in refused): every other message would fare the same. */
  isRelayDown?: boolean;
  /** Its sender's mails must not leave because they can't be signed: every other one would fare the same. */
  isUnsigned?: boolean;
  /** Who wants to be left alone, a provider or a domain at it: the answer is about all mails of the brand to it. */
  pausesProvider?: string;
  /** The answer speaks of our name or pace and not of this mail, but nobody else was told so yet. It costs no try. */
  isAboutUs?: boolean;
  /** The relay itself said it about our sender: every other message would fare the same. */
  isOfRelay?: boolean;
  /** Nobody was asked: it gave way to mails that may go now, and costs no try. */
  isPutOff?: boolean;
}

export type MailOutcome = Outcome<MailDetail>;
