/**
 * What became of one try to hand a message to a server.
 *
 * - `accepted`: the server took it. Not the same as delivered.
 * - `deferred`: the server said "not now"; no copy exists, try again later.
 * - `refused`: the server, or we before it, said "never"; no copy exists.
 * - `not_sent`: nobody was asked, or the way broke before the end of the body; no copy exists.
 * - `uncertain`: the way broke after the end of the body; there may be a copy.
 * - `skipped`: `beforeBody` answered false; no copy exists.
 */
export type OutcomeStatus = 'accepted' | 'deferred' | 'refused' | 'not_sent' | 'uncertain' | 'skipped';

/** How far a try came. Up to `wire` no byte of the message had left; from `reply` on all of them had. */
export type Phase = 'compose' | 'connect' | 'sender' | 'recipient' | 'wire' | 'body' | 'reply';

export interface Outcome {
  messageId: string;
  status: OutcomeStatus;
  phase: Phase;
  /** The server's own words, or ours where no server spoke. */
  text: string;
  /** Basic reply code, such as 250 or 451. */
  code?: number;
  /** Enhanced status, such as 4.2.2. */
  enhanced?: string;
  /** The server that was asked, as host:port. */
  host?: string;
  /** Its address at that moment. */
  ip?: string;
  tls?: boolean;
  /** The server's own name for the message it took. */
  queueId?: string;
  /** The way itself is closed (no connection, sign-in refused): every other message would fare the same. */
  isRelayDown?: boolean;
  /** Its sender's mails must not leave because they can't be signed: every other one would fare the same. */
  isUnsigned?: boolean;
  /** How long to wait: the server's wish, or ours. */
  retryAfterMs?: number;
  /** Who wants to be left alone, a provider or a domain at it: the answer is about all mails of the brand to it. */
  pausesProvider?: string;
  /** The answer speaks of our name or pace and not of this mail, but nobody else was told so yet. It costs no try. */
  isAboutUs?: boolean;
  /** The relay itself said it about our sender: every other message would fare the same. */
  isOfRelay?: boolean;
  /** Nobody was asked: it gave way to mails that may go now, and costs no try. */
  isPutOff?: boolean;
}

/** What every message brings to a channel. */
export interface Outgoing {
  /** The ledger's id of the message: the key of `beforeBody` and of its outcome. */
  messageId: string;
}

/**
 * A way out of the house. E-mail and SMS implement it.
 *
 * `beforeBody` is the wire commit with the last check of eligibility. It is asked once a message, after the recipient
 * was taken and before any byte of the message is on the wire; when it answers false, or fails, no message leaves.
 * Every message of the batch gets exactly one outcome, in the order in which they are known. Whoever stops reading the
 * outcomes early stops the batch: tries under way are finished first.
 */
export interface Channel<Message extends Outgoing = Outgoing> {
  send(batch: readonly Message[], beforeBody: (messageId: string) => Promise<boolean>): AsyncIterable<Outcome>;
}
