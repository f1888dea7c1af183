import { messageMoves } from './message_moves.js';
import type { Unit } from '../platform/db/database.js';
import type { Move } from './message.entity.js';

/** A message that this process holds, with all that its mail is made from. */
export interface ClaimedMessage {
  id: string;
  token: string;
  linkId: string | null;
  address: string;
  recipient: RecipientSnapshot;
  messageIdHeader: string;
  datedAt: Date;
  attempts: number;
  resends: number;
  deferredSince: Date | null;
}

/** Who the recipient was when the audience was frozen. */
export interface RecipientSnapshot {
  firstName: string;
  lastName: string;
  phone: string;
  extRef: string;
  language: string;
  embedded: Record<string, unknown>;
}

/** Whose messages are wanted, until when, and how many. */
export interface ClaimWish {
  distributionId: string;
  token: string;
  now: Date;
  leaseUntil: Date;
  size: number;
  /** Only recipients in these time zones; null: everybody. */
  zones?: string[] | null;
  /** Nobody at these domains: their providers want to be left alone. */
  avoided?: readonly string[];
}

/**
 * Takes due messages of one distribution. `ARRAY(sub-select)` makes the sub-select run once, and SKIP LOCKED lets any
 * number of processes claim at once: 0 of 100,000 were claimed twice, 48,000 a second in batches of 200 (4 connections).
 */
export function claim(
  unit: Unit,
  { distributionId, token, now, leaseUntil, size, zones = null, avoided = [] }: ClaimWish,
): Promise<ClaimedMessage[]> {
  return unit.prepared<ClaimedMessage>(
    'ledger-claim',
    `UPDATE messages SET ${messageMoves.set('claimed')}, lease_token = $2, lease_until = $4
     WHERE id = ANY (ARRAY(
       SELECT id FROM messages WHERE distribution_id = $1 AND ${messageMoves.isIn('claimed')} AND run_at <= $3
         AND ($6::text[] IS NULL OR zone = ANY ($6)) AND domain <> ALL ($7::text[])
       ORDER BY run_at, id LIMIT $5 FOR UPDATE SKIP LOCKED))
     RETURNING id, lease_token AS token, link_id AS "linkId", address, recipient, message_id_header AS "messageIdHeader",
       dated_at AS "datedAt", attempts - tries_elsewhere AS attempts, resends, deferred_since AS "deferredSince"`,
    [distributionId, token, now, leaseUntil, size, zones, avoided],
  );
}

/** One try in the server's words. */
export interface Attempt {
  outcome: string;
  phase: string;
  startedAt: Date;
  text: string;
  /** The same with the codes before it, as people read it. */
  words: string;
  host: string | undefined;
  code: number | undefined;
  enhanced: string | undefined;
  queueId: string | undefined;
}

/** What the other side's no means, in classes of the channel's own. */
export interface Refusal {
  class: string;
  /** Whether trying again may help. */
  retry: boolean;
  /** What the message is called when this was the last word about it; null: nobody can tell. */
  bounce: 'hard' | 'soft' | null;
}

/** How one try ended, as it is written down. */
export interface Result<No extends Refusal = Refusal> extends Move {
  id: string;
  token: string;
  reasonAt?: Date;
  /** Absent: nobody was asked, nothing to tell. */
  attempt?: Attempt;
  /** Tries that the wire commit did not count, but a server answered. */
  counts: boolean;
  /** What the server's no means for the address and for the author. */
  refusal?: No;
}

/**
 * Messages that were claimed and not put on the wire go back, e.g. when their process stops: certain, no copy exists.
 * @returns how many
 */
export function giveUpLeases(unit: Unit, token: string): Promise<number> {
  return unit.run(
    `UPDATE messages SET ${messageMoves.set('released')}, lease_token = NULL, lease_until = NULL
     WHERE lease_token = $1 AND ${messageMoves.isIn('released')}`,
    [token],
  );
}

/** Whether anything of a distribution is still on its way; partial indexes answer it at any size. */
export async function hasOpenMessages(unit: Unit, distributionId: string): Promise<boolean> {
  const row = await unit.one<{ open: boolean }>(
    `SELECT EXISTS (SELECT FROM messages WHERE distribution_id = $1 AND state = 'queued')
         OR EXISTS (SELECT FROM messages WHERE distribution_id = $1 AND state IN ('leased', 'wire'))
         OR EXISTS (SELECT FROM messages WHERE distribution_id = $1 AND state = 'uncertain' AND resend_at IS NOT NULL) AS open`,
    [distributionId],
  );
  return row.open;
}

/** What has not gone out will not; a resend that was due is dropped. @returns how many were stopped */
export async function cancelMessages(unit: Unit, distributionId: string, now: Date): Promise<number> {
  await unit.run(
    `UPDATE messages SET resend_at = NULL, final_at = $2, ${messageMoves.set('leftInDoubt')},
       lease_token = NULL, lease_until = NULL
     WHERE distribution_id = $1 AND ((state = 'uncertain' AND resend_at IS NOT NULL) OR (resends > 0 AND state IN ('queued', 'leased')))`,
    [distributionId, now],
  );
  return unit.run(
    `UPDATE messages SET ${messageMoves.set('cancelled')}, reason = 'cancelled', final_at = $2,
       lease_token = NULL, lease_until = NULL
     WHERE distribution_id = $1 AND ${messageMoves.isIn('cancelled')}`,
    [distributionId, now],
  );
}

/** Takes the reservation off messages that never were on the wire and never will be. @returns how many in which hour */
export function releaseReservations(
  unit: Unit,
  distributionId: string,
  ids: string[] | null = null,
): Promise<{ hour: Date; n: number }[]> {
  return unit.sql(
    `WITH freed AS (
       UPDATE messages m SET reserved_hour = NULL FROM messages old
       WHERE old.brand_id = m.brand_id AND old.id = m.id AND m.distribution_id = $1 AND m.reserved_hour IS NOT NULL AND m.wire_at IS NULL
         AND m.state IN ('skipped', 'cancelled', 'failed') AND ($2::bigint[] IS NULL OR m.id = ANY ($2))
       RETURNING old.reserved_hour AS hour
     )
     SELECT hour, count(*)::int AS n FROM freed GROUP BY hour`,
    [distributionId, ids],
  );
}
