/**
 * What became of one try to hand a message over.
 *
 * - `accepted`: the other side took it. Not the same as delivered.
 * - `deferred`: the other side said "not now"; no copy exists, try again later.
 * - `refused`: the other side, or we before it, said "never"; no copy exists.
 * - `not_sent`: nobody was asked, or the way broke before the end of the body; no copy exists.
 * - `uncertain`: the way broke after the end of the body; there may be a copy.
 * - `skipped`: `beforeBody` answered false; no copy exists.
 */
export type OutcomeStatus = 'accepted' | 'deferred' | 'refused' | 'not_sent' | 'uncertain' | 'skipped';

/** @typeParam Detail what only this channel knows of a try; the channel itself says what follows from it */
export interface Outcome<Detail = unknown> {
  messageId: string;
  status: OutcomeStatus;
  /** The other side's own words, or ours where it did not speak. */
  text: string;
  /** Whom it was offered to, such as host:port. */
  host?: string;
  /** How long to wait: the other side's wish, or ours. */
  retryAfterMs?: number;
  detail: Detail;
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
export interface Channel<Message extends Outgoing = Outgoing, Detail = unknown> {
  send(batch: readonly Message[], beforeBody: (messageId: string) => Promise<boolean>): AsyncIterable<Outcome<Detail>>;
}
