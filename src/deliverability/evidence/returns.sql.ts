import { messageMoves } from '../../ledger/message_moves.js';
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
export async function isFirstWord(
  unit: Unit,
  brandId: string,
  messageId: string,
  { note, ...mail }: Weighed,
): Promise<boolean> {
  const { kind, sourceKey, receivedAt, findings } = mail;
  const { verdict, code, enhanced, evidence, recipient } = findings;
  const other = note === 'other_address' ? { recipient } : {};
  const n = await unit.run(
    `INSERT INTO message_events (brand_id, message_id, kind, source, source_key, at, content)
     VALUES ($1, $2, $3, 'inbound', $4, $5, $6) ON CONFLICT (brand_id, source, source_key) DO NOTHING`,
    [
      brandId,
      messageId,
      EVENT[kind] ?? kind,
      sourceKey,
      receivedAt,
      JSON.stringify({ mail: mail.id, evidence, code, enhanced, class: verdict?.class, note, ...other }),
    ],
  );
  return n > 0;
}

/** As the timeline of a message calls them. */
const EVENT: Partial<Record<ReadInboundMail['kind'], string>> = {
  bounce: 'bounced',
  complaint: 'complained',
  unsubscribe: 'asked_to_stop',
};

/** A mail that came back has certainly left: an uncertain one is confirmed by that, and not sent again. */
const IS_CONFIRMED = `(${messageMoves.isIn('returned', 'm')} AND (m.state <> 'queued' OR m.resends > 0))`;
const CONFIRMED = `${messageMoves.set('returned', ({ accepted }) => `CASE WHEN ${IS_CONFIRMED} THEN ${accepted} ELSE m.state END`)},
  reason = CASE WHEN ${IS_CONFIRMED} THEN 'confirmed' ELSE m.reason END,
  accepted_at = CASE WHEN ${IS_CONFIRMED} THEN coalesce(m.accepted_at, m.wire_at) ELSE m.accepted_at END,
  final_at = CASE WHEN ${IS_CONFIRMED} THEN $2::timestamptz ELSE m.final_at END,
  resend_at = NULL`;

export async function markArrived(unit: Unit, id: string, at: Date): Promise<void> {
  await unit.run(`UPDATE messages m SET ${CONFIRMED} WHERE m.id = $1 AND ${IS_CONFIRMED}`, [id, at]);
}

/** A hard bounce stays hard whatever comes later. @returns whether it is the first one */
export async function markBounced(
  unit: Unit,
  id: string,
  type: 'hard' | 'soft',
  { receivedAt, findings }: ReadInboundMail,
): Promise<boolean> {
  const { was } = await unit.one<{ was: Date | null }>('SELECT bounced_at AS was FROM messages WHERE id = $1', [id]);
  await unit.run(
    `UPDATE messages m SET ${CONFIRMED}, bounced_at = coalesce(m.bounced_at, $2),
       bounce_type = CASE WHEN m.bounce_type = 'hard' THEN 'hard' ELSE $3 END,
       last_code = coalesce($4, m.last_code), last_text = $5 WHERE m.id = $1`,
    [id, receivedAt, type, findings.code ?? null, replyWords({ ...findings, text: findings.evidence })],
  );
  return was === null;
}

/** @returns whether it is the first time */
export async function markComplained(unit: Unit, id: string, at: Date): Promise<boolean> {
  const n = await unit.run(
    `UPDATE messages SET complained_at = $2, opted_out_at = coalesce(opted_out_at, $2) WHERE id = $1 AND complained_at IS NULL`,
    [id, at],
  );
  return n > 0;
}
