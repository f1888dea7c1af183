import type { Unit } from '../platform/db/database.js';
import { messageMoves } from './message_moves.js';

/** Something that happened to a message after it left, or to the person's wish about it. */
export interface MessageEvent {
  brandId: string;
  messageId: string;
  kind: string;
  source: string;
  /** What came twice has the same key, and is one event. Absent where every call is an event of its own. */
  sourceKey?: string;
  at: Date;
  content: object;
}

/** @returns false when it was written before */
export async function noteEvent(unit: Unit, event: MessageEvent): Promise<boolean> {
  const { brandId, messageId, kind, source, sourceKey, at, content } = event;
  const n = await unit.run(
    `INSERT INTO message_events (brand_id, message_id, kind, source, source_key, at, content)
     VALUES ($1, $2, $3, $4, coalesce($5, gen_random_uuid()::text), $6, $7) ON CONFLICT (brand_id, source, source_key) DO NOTHING`,
    [brandId, messageId, kind, source, sourceKey ?? null, at, JSON.stringify(content)],
  );
  return n > 0;
}

/** The ledger counts who is out because of this message. */
export async function noteOptOut(unit: Unit, messageId: string, isOutNow: boolean, at: Date): Promise<void> {
  await unit.run(
    'UPDATE messages SET opted_out_at = CASE WHEN $2 THEN coalesce(opted_out_at, $3::timestamptz) END WHERE id = $1',
    [messageId, isOutNow, at],
  );
}

/** What came back has certainly left: an uncertain message is confirmed by that, and not sent again. */
const IS_CONFIRMED = `(${messageMoves.isIn('returned', 'm')} AND (m.state <> 'queued' OR m.resends > 0))`;
const CONFIRMED = `${messageMoves.set('returned', ({ accepted }) => `CASE WHEN ${IS_CONFIRMED} THEN ${accepted} ELSE m.state END`)},
  reason = CASE WHEN ${IS_CONFIRMED} THEN 'confirmed' ELSE m.reason END,
  accepted_at = CASE WHEN ${IS_CONFIRMED} THEN coalesce(m.accepted_at, m.wire_at) ELSE m.accepted_at END,
  final_at = CASE WHEN ${IS_CONFIRMED} THEN $2::timestamptz ELSE m.final_at END,
  resend_at = NULL`;

export async function markArrived(unit: Unit, id: string, at: Date): Promise<void> {
  await unit.run(`UPDATE messages m SET ${CONFIRMED} WHERE m.id = $1 AND ${IS_CONFIRMED}`, [id, at]);
}

/** A report that a message could not be delivered, in the words of whoever sent it. */
export interface BounceReport {
  type: 'hard' | 'soft';
  at: Date;
  code: number | null;
  words: string;
}

/** A hard bounce stays hard whatever comes later. @returns whether it is the first one */
export async function markBounced(unit: Unit, id: string, { type, at, code, words }: BounceReport): Promise<boolean> {
  const { was } = await unit.one<{ was: Date | null }>('SELECT bounced_at AS was FROM messages WHERE id = $1', [id]);
  await unit.run(
    `UPDATE messages m SET ${CONFIRMED}, bounced_at = coalesce(m.bounced_at, $2),
       bounce_type = CASE WHEN m.bounce_type = 'hard' THEN 'hard' ELSE $3 END,
       last_code = coalesce($4, m.last_code), last_text = $5 WHERE m.id = $1`,
    [id, at, type, code, words],
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
