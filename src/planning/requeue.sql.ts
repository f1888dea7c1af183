import { messageMoves } from '../ledger/message_moves.js';
import { Bindings } from '../platform/db/bindings.js';
import type { Unit } from '../platform/db/database.js';
import type { Distribution } from '../ledger/distribution.entity.js';
import { verdictOfOthers } from '../audiences/eligibility.sql.js';
import type { Rivals } from '../audiences/exclusion.sql.js';
import { lastFreedHour } from '../limits/weekly_buckets.sql.js';

/** Messages that are queued once more, how many of them nothing pays for yet, and how many other sends keep where they are. */
export interface Requeued {
  queued: number;
  unpaid: number;
  left: number;
}

export interface RequeueWish {
  now: Date;
  /** Which hour of the weekly limit pays for what nothing pays for. */
  hour: Date;
  /** Known while nobody else plans: whoever was written to meanwhile is left alone. */
  rivals: Rivals;
}

/**
 * Failed messages are queued once more, and say that `hour` pays for them unless an hour that still counts does. The
 * caller pays for the others in the same transaction, so that none is ever queued unpaid. Or one of them.
 */
export function requeueFailed(
  unit: Unit,
  distribution: Distribution,
  wish: RequeueWish,
  messageId: string | null,
): Promise<Requeued> {
  return requeued(unit, distribution, wish, {
    move: 'retried',
    which: (bindings) => only(messageId, bindings),
    isUnpaid: (bindings) => `(m.reserved_hour IS NULL OR m.reserved_hour <= ${bindings.put(lastFreedHour(wish.now))})`,
    change: 'reason_at = NULL, bounced_at = NULL, bounce_type = NULL',
  });
}

/**
 * Messages that stayed uncertain after a resend are queued once more, because somebody decided so; or one of them. Each may
 * be a further copy, so all of them are to be paid for.
 */
export function requeueUncertain(
  unit: Unit,
  distribution: Distribution,
  wish: RequeueWish,
  messageId: string | null,
): Promise<Requeued> {
  return requeued(unit, distribution, wish, {
    move: 'risked',
    which: (bindings) => ` AND m.reason = 'unconfirmed_twice'${only(messageId, bindings)}`,
    isUnpaid: () => 'true',
    change: 'lease_token = NULL, resends = m.resends + 1',
  });
}

/** The waves that were kept back because enough people had finished wait for their turn again; all are to be paid for. */
export function requeueWaves(unit: Unit, distribution: Distribution, wish: RequeueWish): Promise<Requeued> {
  return requeued(unit, distribution, wish, {
    move: 'waveResumed',
    which: () => ` AND m.reason = 'enough_finished'`,
    isUnpaid: () => 'true',
    runAt: 'NULL',
    change: 'reason_at = NULL',
  });
}

function only(messageId: string | null, bindings: Bindings): string {
  return messageId === null ? '' : ` AND m.id = ${bindings.put(messageId)}`;
}

interface Requeueing {
  move: 'retried' | 'risked' | 'waveResumed';
  /** What else is asked of a message, with an AND before it. */
  which: (bindings: Bindings) => string;
  isUnpaid: (bindings: Bindings) => string;
  /** When they go; absent: now. */
  runAt?: string;
  change: string;
}

function requeued(
  unit: Unit,
  distribution: Distribution,
  { now, hour, rivals }: RequeueWish,
  { move, which, isUnpaid, runAt, change }: Requeueing,
): Promise<Requeued> {
  const bindings = new Bindings();
  const verdict = verdictOfOthers({ distribution, facts: { ...rivals, duplicates: [] }, now, bindings });
  return unit.one<Requeued>(
    `WITH meant AS MATERIALIZED (
       SELECT m.id, ${isUnpaid(bindings)} AS is_unpaid, ${verdict} AS verdict
       FROM messages m LEFT JOIN contacts c ON c.brand_id = m.brand_id AND c.id = m.contact_id
       WHERE m.distribution_id = ${bindings.put(distribution.id)} AND ${messageMoves.isIn(move, 'm')}
         ${which(bindings)} FOR UPDATE OF m
     ), moved AS (
       UPDATE messages m SET ${messageMoves.set(move)}, reason = NULL, run_at = ${runAt ?? bindings.put(now)}, final_at = NULL,
         deferred_since = NULL,
         reserved_hour = CASE WHEN is_unpaid THEN ${bindings.put(hour)} ELSE m.reserved_hour END, ${change}
       FROM meant WHERE m.id = meant.id AND verdict IS NULL RETURNING is_unpaid
     )
     SELECT count(*)::int AS queued, count(*) FILTER (WHERE is_unpaid)::int AS unpaid,
       (SELECT count(*)::int FROM meant WHERE verdict IS NOT NULL) AS left FROM moved`,
    bindings.values,
  );
}
