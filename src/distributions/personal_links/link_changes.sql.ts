import type { Unit } from '../../platform/db/database.js';
import { hasEnded } from '../../ledger/finished.sql.js';
import { lastUntil } from '../../ledger/marks.sql.js';

/** Links of one distribution, or of one message of it. */
export interface ChangedLinks {
  distributionId: string;
  messageId: string | null;
}

/** From now on nobody gets in by them. @returns how many */
export function revoke(unit: Unit, { distributionId, messageId }: ChangedLinks, now: Date): Promise<number> {
  return unit.run(
    `UPDATE links l SET revoked_at = $3 FROM messages m
     WHERE m.distribution_id = $1 AND ($2::bigint IS NULL OR m.id = $2) AND l.brand_id = m.brand_id AND l.id = m.link_id
       AND l.distribution_id = $1 AND l.revoked_at IS NULL AND (NOT ${hasEnded('m')} OR l.kind = 'multiple')`,
    [distributionId, messageId, now],
  );
}

/** They last until then, where they did not last longer before. @returns how many */
export async function extend(unit: Unit, { distributionId, messageId }: ChangedLinks, until: Date): Promise<number> {
  if (messageId === null) {
    await lastUntil(unit, distributionId, until);
  }
  return unit.run(
    `UPDATE links l SET expires_at = $3 FROM messages m
     WHERE m.distribution_id = $1 AND ($2::bigint IS NULL OR m.id = $2) AND l.brand_id = m.brand_id AND l.id = m.link_id
       AND l.distribution_id = $1 AND l.revoked_at IS NULL AND l.expires_at < $3`,
    [distributionId, messageId, until],
  );
}

/**
 * Revokes the next links and puts new ones in their place: all messages with the old one carry the new one from now on,
 * and whoever is in the middle of the survey goes on by it. Not those of people who have finished or were turned away, nor those that were
 * made since `began`, which is what makes it safe to run again.
 * @returns how many were looked at, and the last message
 */
export async function reissue(
  unit: Unit,
  { distributionId, messageId }: ChangedLinks,
  { now, began, until, after, size }: { now: Date; began: Date; until: Date; after: string; size: number },
): Promise<{ count: number; last: string | null }> {
  const old = await unit.sql<{ message: string; link: string }>(
    `UPDATE links l SET revoked_at = coalesce(l.revoked_at, $3)
     FROM (SELECT m.id, m.brand_id, m.link_id FROM messages m JOIN links own ON own.brand_id = m.brand_id AND own.id = m.link_id
           WHERE m.distribution_id = $1 AND ($2::bigint IS NULL OR m.id = $2) AND own.distribution_id = $1 AND (NOT ${hasEnded('m')} OR own.kind = 'multiple')
             AND own.created_at < $4 AND m.id > $5 ORDER BY m.id LIMIT $6) m
     WHERE l.brand_id = m.brand_id AND l.id = m.link_id RETURNING m.id AS message, l.id AS link`,
    [distributionId, messageId, now, began, after, size],
  );
  const links = old.map(({ link }) => link);
  await unit.run(
    `WITH fresh AS MATERIALIZED (
       SELECT l.*, nextval('links_id_seq') AS new_id FROM links l WHERE l.id = ANY ($1::bigint[])
     ), made AS (
       INSERT INTO links (id, brand_id, survey_id, kind, channel, distribution_id, contact_id, list_id, embedded, expires_at, created_at)
       OVERRIDING SYSTEM VALUE
       SELECT new_id, brand_id, survey_id, kind, channel, distribution_id, contact_id, list_id, embedded,
         greatest(expires_at, $3::timestamptz), $2 FROM fresh RETURNING id
     ), walked AS (
       UPDATE sessions s SET link_id = f.new_id, single_link_id = CASE WHEN s.single_link_id IS NOT NULL THEN f.new_id END
       FROM fresh f JOIN made ON made.id = f.new_id WHERE s.brand_id = f.brand_id AND s.link_id = f.id AND s.state = 'open'
     )
     UPDATE messages m SET link_id = f.new_id FROM fresh f WHERE m.brand_id = f.brand_id AND m.link_id = f.id`,
    [links, now, until],
  );
  const messages = old.map(({ message }) => BigInt(message));
  const last = messages.length === 0 ? null : String(messages.reduce((most, one) => (one > most ? one : most)));
  return { count: old.length, last };
}
