import type { Bindings } from '../platform/db/bindings.js';
import type { Unit } from '../platform/db/database.js';
import type { Distribution } from '../ledger/distribution.entity.js';
import { type FrequencyRule, rulesFor } from './frequency/frequency.sql.js';

/** What other sends have to do with who may be written to now. */
export interface Rivals {
  /** Distributions that say the very same and are on their way, or were within the last twelve hours. */
  twins: string[];
  /** How often these people may be written to. */
  rules: FrequencyRule[];
}

/**
 * Waits until nobody else of the brand puts people into the ledger, and keeps others waiting to the end of the transaction:
 * of two sends that are planned at once each sees whom the other has taken. Statements after this one see all that was
 * committed before. To be taken after the row of one's own distribution and before those of limits and other distributions.
 */
export async function lockPlanning(unit: Unit): Promise<void> {
  await unit.sql(`SELECT pg_advisory_xact_lock(hashtextextended('planning ' || current_setting('app.brand'), 0))`);
}

/** Asked again for each batch: others may have been sent off since the last one. */
export async function rivalsOf(unit: Unit, distribution: Distribution, now: Date): Promise<Rivals> {
  const twins = await unit.sql<{ id: string }>(
    `SELECT twin.id FROM distributions own
     JOIN distributions twin ON twin.brand_id = own.brand_id AND twin.content_key = own.content_key AND twin.id <> own.id
     WHERE own.id = $1 AND twin.channel = 'email' AND (twin.frozen_at IS NOT NULL OR twin.sent_at IS NOT NULL)
       AND (twin.finished_at IS NULL OR twin.finished_at > $2::timestamptz - interval '12 hours')`,
    [distribution.id, now],
  );
  return { twins: twins.map(({ id }) => id), rules: await rulesFor(unit, distribution) };
}

/**
 * That contact `c` got the very same mail, or is about to. What waits to be sent counts whenever it was planned: both would
 * leave together. The twelve hours go by the address, whoever it belonged to then.
 */
export function sentRecently(twins: readonly string[], at: string, bindings: Bindings): string {
  const ids = `${bindings.put(twins)}::bigint[]`;
  return `EXISTS (SELECT FROM messages s WHERE s.brand_id = c.brand_id AND s.address_key = address_key(c.email)
        AND s.distribution_id = ANY (${ids}) AND (s.state IN ('queued', 'leased', 'wire')
          OR (s.state IN ('accepted', 'uncertain') AND coalesce(s.wire_at, s.dated_at) > ${at} - interval '12 hours')))
      OR EXISTS (SELECT FROM messages s WHERE s.brand_id = c.brand_id AND s.contact_id = c.id
        AND s.distribution_id = ANY (${ids}) AND s.state IN ('queued', 'leased'))`;
}
