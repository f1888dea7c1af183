import type { Unit } from '../platform/db/database.js';
import { messageMoves } from '../ledger/message_moves.js';
import { DATED_REASONS, VERDICT_AT_WIRE } from '../audiences/eligibility.sql.js';
import { READDRESSED } from '../audiences/policy.js';
import { KEPT_WISHES } from '../audiences/kept_wishes.sql.js';
import type { Result } from '../ledger/ledger.sql.js';

/** What the gate says of a message: `reason` null means that it is on the wire now. */
export interface Verdict {
  id: string;
  reason: string | null;
  reasonAt: Date | null;
}

/** Somebody who is about to hand a message over. */
export interface Ask {
  id: string;
  token: string;
}

/**
 * Writes what became of tries, and takes the next messages to the wire: one statement, because every round trip is time
 * in which connections wait.
 *
 * Results: states, the server's words and the attempts; what failed by a server's word has bounced, as if a report had told it. The token guards them: a process that was overtaken changes
 * nothing. A late word on a message that was already called uncertain still counts, as long as nobody took it up again.
 * What would wait for another try of a cancelled distribution ends instead.
 *
 * Asks: the wire commit with the last look, as `audiences/policy.ts` lists it; where the contact was given another address,
 * the mail goes to that one. Rows whose lease went to somebody else are not in the answer.
 */
export function writeLedger(
  unit: Unit,
  { results, asks, now, wireUntil }: { results: Result[]; asks: Ask[]; now: Date; wireUntil: Date },
): Promise<Verdict[]> {
  return unit.prepared<Verdict>(
    'ledger-write',
    `WITH ${RESULTS}, ${ASKS} SELECT id, reason, CASE WHEN reason IN (${DATED_REASONS}) THEN reason_at END AS "reasonAt" FROM verdicts`,
    [
      JSON.stringify(results),
      now,
      asks.map(({ id }) => id),
      asks.map(({ token }) => token),
      wireUntil,
      results.map(({ id }) => id),
    ],
  );
}

// The ids stand beside the joins as well: with them alone the planner always takes the index, however old its statistics.
const RESULTS = `results AS MATERIALIZED (
       SELECT r.*, m.domain AS to_domain, lower(split_part(c.from_email, '@', 2)) AS from_domain, CASE WHEN r.state <> 'queued' OR d.status NOT IN ('cancelled', 'failed') THEN r.state
                        WHEN m.resends > 0 THEN 'uncertain' ELSE 'cancelled' END AS final_state
       FROM jsonb_to_recordset($1::jsonb) AS r (id bigint, token uuid, state text, reason text, "reasonAt" timestamptz,
         "runAt" timestamptz, "resendAt" timestamptz, "deferredSince" timestamptz, attempt jsonb, counts boolean, refusal jsonb)
       JOIN messages m ON m.id = r.id AND m.id = ANY ($6::bigint[])
       JOIN distributions d ON d.brand_id = m.brand_id AND d.id = m.distribution_id
       LEFT JOIN mail_contents c ON c.brand_id = m.brand_id AND c.distribution_id = m.distribution_id
     ), moved AS (
       UPDATE messages m SET ${messageMoves.set('settled', () => 'r.final_state')}, reason = r.reason, reason_at = r."reasonAt",
         run_at = coalesce(r."runAt", m.run_at), resend_at = r."resendAt", deferred_since = coalesce(r."deferredSince", m.deferred_since),
         attempts = m.attempts + r.counts::int,
         last_code = CASE WHEN r.attempt IS NULL THEN m.last_code ELSE (r.attempt ->> 'code')::int END,
         last_text = CASE WHEN r.attempt IS NULL THEN m.last_text ELSE r.attempt ->> 'words' END,
         bounced_at = CASE WHEN r.final_state = 'failed' AND r.refusal ->> 'bounce' IS NOT NULL THEN coalesce(m.bounced_at, $2) ELSE m.bounced_at END,
         bounce_type = CASE WHEN m.bounce_type = 'hard' OR r.final_state <> 'failed' THEN m.bounce_type ELSE coalesce(r.refusal ->> 'bounce', m.bounce_type) END,
         lease_token = CASE WHEN r.final_state = 'uncertain' THEN m.lease_token END, lease_until = NULL,
         accepted_at = CASE WHEN r.final_state = 'accepted' THEN $2 ELSE m.accepted_at END,
         final_at = CASE WHEN r.final_state IN ('queued', 'uncertain') AND NOT (r.final_state = 'uncertain' AND r."resendAt" IS NULL) THEN NULL ELSE $2::timestamptz END
       FROM results r
       WHERE m.id = r.id AND m.id = ANY ($6) AND m.lease_token = r.token AND ${messageMoves.isIn('settled', 'm')}
       RETURNING m.id, m.attempts
     ), tried AS (
       INSERT INTO message_attempts (brand_id, message_id, number, started_at, ended_at, phase, outcome, host, code, enhanced, reply, queue_id)
       SELECT (SELECT current_setting('app.brand')::bigint), moved.id, greatest(moved.attempts, 1), (r.attempt ->> 'startedAt')::timestamptz, $2,
         r.attempt ->> 'phase', r.attempt ->> 'outcome', r.attempt ->> 'host', (r.attempt ->> 'code')::int,
         r.attempt ->> 'enhanced', r.attempt ->> 'text', r.attempt ->> 'queueId'
       FROM moved JOIN results r ON r.id = moved.id WHERE r.attempt IS NOT NULL
     ), received AS (
       INSERT INTO deliverability_deltas (brand_id, day, from_domain, to_domain, name, n)
       SELECT (SELECT current_setting('app.brand')::bigint), ($2::timestamptz AT TIME ZONE 'UTC')::date, from_domain, to_domain, name, count(*)
       FROM (SELECT r.from_domain, r.to_domain, CASE WHEN r.final_state = 'accepted' THEN 'accepted'
                WHEN r.final_state = 'failed' AND r.refusal ->> 'bounce' IS NOT NULL THEN 'bounced_' || (r.refusal ->> 'bounce')
                WHEN r.attempt ->> 'outcome' = 'deferred' OR (r.final_state = 'queued' AND r.refusal IS NOT NULL) THEN 'deferred' END AS name
             FROM moved JOIN results r ON r.id = moved.id WHERE r.attempt IS NOT NULL) told
       WHERE name IS NOT NULL AND from_domain IS NOT NULL GROUP BY from_domain, to_domain, name
     )`;

// `|| ''` keeps the partial index of leased rows out of it: that one would be read whole, with all its dead entries, for each
// group. Rows in `verdicts` are locked, so that `wired` need not look at their state again.
const ASKS = `verdicts AS MATERIALIZED (
       SELECT m.id, ${VERDICT_AT_WIRE} AS reason,
         coalesce(c.opted_out_at, kept.at, p.opted_out_at, drawn.at) AS reason_at, m.address, c.email
       FROM unnest($3::bigint[], $4::uuid[]) AS asked (id, token)
       JOIN messages m ON m.id = asked.id AND m.id = ANY ($3) AND m.lease_token = asked.token AND m.state || '' = 'leased'
       JOIN distributions d ON d.brand_id = m.brand_id AND d.id = m.distribution_id
       JOIN surveys s ON s.brand_id = m.brand_id AND s.id = m.survey_id
       JOIN brands b ON b.id = m.brand_id
       LEFT JOIN contacts c ON c.brand_id = m.brand_id AND c.id = m.contact_id
       LEFT JOIN contact_list_members p ON p.brand_id = m.brand_id AND p.list_id = d.list_id AND p.contact_id = m.contact_id
       LEFT JOIN links l ON l.brand_id = m.brand_id AND l.id = m.link_id
       ${KEPT_WISHES}
       FOR UPDATE OF m
     ), wired AS (
       UPDATE messages m SET ${messageMoves.set('wired')}, wire_at = $2, lease_until = $5, attempts = attempts + 1
       FROM verdicts v WHERE m.id = v.id AND m.id = ANY ($3) AND v.reason IS NULL
     ), readdressed AS (
       UPDATE messages m SET ${messageMoves.set('released')}, lease_token = NULL, lease_until = NULL, address = v.email,
         domain = lower(split_part(v.email, '@', 2)), readdressed_at = $2, tries_elsewhere = m.attempts, deferred_since = NULL,
         bounced_at = NULL, bounce_type = NULL, last_code = NULL, last_text = NULL
       FROM verdicts v WHERE m.id = v.id AND m.id = ANY ($3) AND v.reason = '${READDRESSED}'
       RETURNING m.brand_id, m.id, v.address, v.email
     ), noted AS (
       INSERT INTO message_events (brand_id, message_id, kind, source, source_key, at, content)
       SELECT brand_id, id, 'readdressed', 'gate', id || ' ' || $2::timestamptz, $2, jsonb_build_object('from', address, 'to', email)
       FROM readdressed ON CONFLICT DO NOTHING
     )`;
