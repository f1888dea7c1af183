import type { Unit } from '../platform/db/database.js';

/** So many rows are moved at once: more would hold their locks for too long. */
const AT_ONCE = 20_000;
/** What comes back does so within this time and not in one moment. */
const SPREAD_SECONDS = 60;

export interface Absence {
  until: number;
  domains: readonly string[];
}

/**
 * Due messages to providers that are left alone move behind the pause: a claim would otherwise read over all of them
 * again and again to find the others. They keep their tries.
 */
export async function putOff(
  unit: Unit,
  distributionId: string,
  now: Date,
  absences: readonly Absence[],
): Promise<void> {
  for (const { until, domains } of absences) {
    await unit.prepared(
      'ledger-put-off',
      `UPDATE messages SET run_at = $4::timestamptz + random() * interval '1 second' * $6::int
       WHERE id = ANY (ARRAY(
         SELECT id FROM messages WHERE distribution_id = $1 AND state = 'queued' AND run_at <= $2 AND domain = ANY ($3)
         ORDER BY run_at, id LIMIT $5 FOR UPDATE SKIP LOCKED))`,
      [distributionId, now, domains, new Date(until), AT_ONCE, SPREAD_SECONDS],
    );
  }
}
