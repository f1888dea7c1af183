import { type BounceReport, noteEvent } from '../../ledger/events.sql.js';
import type { ReadInboundMail } from '../../inbound/inbound.service.js';
import type { Unit } from '../../platform/db/database.js';
import { replyWords } from '../../platform/foreign/foreign_words.js';

/**
 * Why a mail about a message changes nothing, or less than it says:
 * - `not_sent`: no copy of the message has left
 * - `too_late`: servers give up after five days or a week
 * - `told_before`: it has bounced for good, or enough reports of it were believed
 * - `other_address`: it names somebody else, to whom a forwarder may have passed it on
 */
export type Note = 'not_sent' | 'too_late' | 'told_before' | 'other_address';

/** A mail that came back, with what it says of the recipient of its message. */
export interface Weighed extends ReadInboundMail {
  note?: Note;
}

/** The message that something came back about. */
export interface ReturnedMessage {
  id: string;
  distributionId: string;
  surveyId: string;
  contactId: string | null;
  address: string;
  /** What is left of an address that was erased. */
  addressHash: Buffer | null;
  domain: string;
  state: string;
  resends: number;
  /** When it left, as far as that is known. */
  leftAt: Date | null;
  bounceType: 'hard' | 'soft' | null;
  /** Reports of a bounce that were acted on. */
  bounces: number;
}

export async function returnedMessage(unit: Unit, id: string): Promise<ReturnedMessage | undefined> {
  const [row] = await unit.sql<ReturnedMessage>(
    `SELECT id, distribution_id AS "distributionId", survey_id AS "surveyId", contact_id AS "contactId", address,
       address_hash AS "addressHash", domain, state, resends,
       coalesce(accepted_at, wire_at) AS "leftAt", bounce_type AS "bounceType",
       (SELECT count(*)::int FROM message_events e WHERE e.message_id = m.id AND e.kind = 'bounced' AND NOT e.content ? 'note') AS bounces
     FROM messages m WHERE id = $1 FOR UPDATE OF m`,
    [id],
  );
  return row;
}

/** Writes the event of a mail, and why it changes nothing or less. @returns false when it was written before: the mail came twice */
export function isFirstWord(
  unit: Unit,
  brandId: string,
  messageId: string,
  { note, ...mail }: Weighed,
): Promise<boolean> {
  const { kind, sourceKey, receivedAt, findings } = mail;
  const { verdict, code, enhanced, evidence, recipient } = findings;
  const other = note === 'other_address' ? { recipient } : {};
  return noteEvent(unit, {
    brandId,
    messageId,
    kind: EVENT[kind] ?? kind,
    source: 'inbound',
    sourceKey,
    at: receivedAt,
    content: { mail: mail.id, evidence, code, enhanced, class: verdict?.class, note, ...other },
  });
}

/** As the timeline of a message calls them. */
const EVENT: Partial<Record<ReadInboundMail['kind'], string>> = {
  bounce: 'bounced',
  complaint: 'complained',
  unsubscribe: 'asked_to_stop',
};

/** What a mail that came back says of the message, as the ledger keeps it. */
export function reportOf({ receivedAt, findings }: ReadInboundMail, type: BounceReport['type']): BounceReport {
  const words = replyWords({ ...findings, text: findings.evidence });
  return { type, at: receivedAt, code: findings.code ?? null, words };
}
