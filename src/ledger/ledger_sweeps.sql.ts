import { messageMoves } from './message_moves.js';
import type { Unit } from '../platform/db/database.js';

/** Leases whose process never came back: nothing was on the wire, so they are simply queued again. */
export function expireLeases(unit: Unit, now: Date): Promise<number> {
  return unit.run(
    `UPDATE messages SET ${messageMoves.set('released')}, lease_token = NULL, lease_until = NULL
     WHERE id = ANY (ARRAY(SELECT id FROM messages WHERE ${messageMoves.isIn('released')} AND lease_until < $1 LIMIT 5000
       FOR UPDATE SKIP LOCKED))`,
    [now],
  );
}

/**
 * Mails that were on the wire when their process died: there may be a copy or not, and nobody can tell. They are shown
 * as uncertain, and one that was not sent again before will be, unless evidence arrives.
 * @returns the distributions they belong to
 */
export function expireWires(unit: Unit, now: Date, resendAt: Date): Promise<{ distributionId: string }[]> {
  return unit.sql(
    `WITH lost AS (
       UPDATE messages SET ${messageMoves.set('lost')}, lease_until = NULL,
         reason = CASE WHEN resends = 0 THEN 'unconfirmed' ELSE 'unconfirmed_twice' END,
         resend_at = CASE WHEN resends = 0 THEN $2::timestamptz END, final_at = CASE WHEN resends > 0 THEN $1::timestamptz END,
         last_code = NULL, last_text = $3
       WHERE id = ANY (ARRAY(SELECT id FROM messages WHERE ${messageMoves.isIn('lost')} AND lease_until < $1 LIMIT 5000
         FOR UPDATE SKIP LOCKED))
       RETURNING brand_id, id, distribution_id, attempts, wire_at
     ), tried AS (
       INSERT INTO message_attempts (brand_id, message_id, number, started_at, ended_at, phase, outcome, reply)
       SELECT brand_id, id, attempts, wire_at, $1, 'wire', 'uncertain', $3 FROM lost
     )
     SELECT DISTINCT distribution_id AS "distributionId" FROM lost`,
    [now, resendAt, 'The sending process ended before the server had answered.'],
  );
}

/**
 * Uncertain mails whose wait is over: evidence that the mail arrived confirms it, the others are queued once more with
 * the same Message-ID and link, but for reminders that another one follows within a day. Distributions that do not send now keep theirs waiting; cancelled ones never resend.
 */
export function resendUncertain(unit: Unit, now: Date): Promise<{ distributionId: string }[]> {
  return unit.sql(
    `WITH due AS (
       SELECT m.id, CASE WHEN ${IS_FOLLOWED_SOON} THEN 'superseded' ELSE d.status END AS status, ${EVIDENCE} AS is_proved FROM messages m
       JOIN distributions d ON d.brand_id = m.brand_id AND d.id = m.distribution_id
       WHERE ${messageMoves.isIn('waited', 'm')} AND m.resend_at <= $1 AND d.status NOT IN ('paused', 'held')
       LIMIT 5000 FOR UPDATE OF m SKIP LOCKED
     ), moved AS (
       UPDATE messages m SET resend_at = NULL, lease_token = NULL,
         ${WAITED},
         reason = CASE WHEN is_proved THEN 'confirmed' WHEN due.status IN ('sending', 'done') THEN NULL ELSE m.reason END,
         accepted_at = CASE WHEN is_proved THEN m.wire_at END,
         run_at = $1, resends = m.resends + (NOT is_proved AND due.status IN ('sending', 'done'))::int,
         final_at = CASE WHEN is_proved OR due.status NOT IN ('sending', 'done') THEN $1::timestamptz END
       FROM due WHERE m.id = due.id RETURNING m.distribution_id, m.state
     )
     SELECT DISTINCT distribution_id AS "distributionId" FROM moved WHERE state = 'queued'`,
    [now],
  );
}

const WAITED = messageMoves.set(
  'waited',
  ({ accepted, queued, uncertain }) =>
    `CASE WHEN is_proved THEN ${accepted} WHEN due.status IN ('sending', 'done') THEN ${queued} ELSE ${uncertain} END`,
);

/** The next reminder of the same invitation says the same a little later. */
const IS_FOLLOWED_SOON = `(d.request_type = 'Reminder' AND EXISTS (
  SELECT FROM distributions next WHERE next.brand_id = d.brand_id AND next.parent_id = d.parent_id AND next.id <> d.id
    AND next.request_type = 'Reminder' AND next.deleted_at IS NULL AND next.status NOT IN ('draft', 'cancelled', 'failed')
    AND CASE WHEN next.send_at IS NULL THEN next.id > d.id AND (CASE next.after_what WHEN 'last_reminder' THEN m.wire_at ELSE (
          SELECT coalesce(i.accepted_at, i.wire_at) FROM messages i
          WHERE i.brand_id = d.brand_id AND i.distribution_id = d.parent_id AND i.contact_id = m.contact_id) END)
        + next.after_hours * interval '1 hour' <= $1::timestamptz + interval '24 hours'
      ELSE next.send_at > coalesce(d.send_at, d.sent_at) AND next.send_at <= $1::timestamptz + interval '24 hours' END))`;

/** A copy must have arrived when somebody acted on it. */
const EVIDENCE = `(m.opened_at IS NOT NULL OR m.started_at IS NOT NULL OR m.partial_at IS NOT NULL OR m.finished_at IS NOT NULL
  OR m.opted_out_at IS NOT NULL OR m.bounced_at IS NOT NULL OR m.complained_at IS NOT NULL)`;
