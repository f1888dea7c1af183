import type { Unit } from '../platform/db/database.js';
import type { Distribution } from '../ledger/distribution.entity.js';
import { type Tallies, waitingIn } from '../ledger/tallies.js';

const MINUTE_MS = 60_000;
/** A pace is told only after so long: before that it jumps. */
const FIRST_WORD_MS = 4000;

/** How fast it goes; both are undefined where nobody can tell. */
export interface Pace {
  perMinute: number | undefined;
  leftMs: number | undefined;
}

/** The mean pace since the first mail. What waits for a server that asked for patience has no pace. */
export function paceOf({ sentAt, status }: Distribution, tallies: Tallies, now: Date): Pace {
  const lasted = sentAt === null ? 0 : now.getTime() - sentAt.getTime();
  const done = tallies.accepted + tallies.failed + tallies.uncertain;
  if (status !== 'sending' || lasted < FIRST_WORD_MS || done === 0) {
    return { perMinute: undefined, leftMs: undefined };
  }
  const perMs = done / lasted;
  return { perMinute: Math.max(1, Math.round(perMs * MINUTE_MS)), leftMs: waitingIn(tallies) / perMs };
}

/** When the next message is due, for distributions of which nothing is due before `now`. One index look-up each. */
export async function nextTries(unit: Unit, ids: string[], now: Date): Promise<Map<string, Date>> {
  const rows =
    ids.length === 0
      ? []
      : await unit.sql<{ id: string; at: Date | null }>(
          `SELECT d.id, next.run_at AS at FROM unnest($1::bigint[]) AS d (id)
           CROSS JOIN LATERAL (SELECT run_at FROM messages m WHERE m.distribution_id = d.id AND m.state = 'queued'
                               ORDER BY m.brand_id, m.distribution_id, m.run_at LIMIT 1) next`,
          [ids],
        );
  return new Map(rows.flatMap(({ id, at }) => (at === null || at <= now ? [] : [[id, at] as const])));
}
