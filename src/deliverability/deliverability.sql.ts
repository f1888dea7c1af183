import type { Unit } from '../platform/db/database.js';

export type DeliveryCount = 'accepted' | 'deferred' | 'bounced_hard' | 'bounced_soft' | 'complained' | 'opened';

/** Writes down that something became of messages; each counts under the day on which it is known. */
export async function countMessages(
  unit: Unit,
  { brandId, ids, name, now }: { brandId: string; ids: readonly string[]; name: DeliveryCount; now: Date },
): Promise<void> {
  await unit.run(
    `INSERT INTO deliverability_deltas (brand_id, day, from_domain, to_domain, name, n)
     SELECT $1, ($4::timestamptz AT TIME ZONE 'UTC')::date, lower(split_part(c.from_email, '@', 2)), m.domain, $3, count(*)
     FROM messages m JOIN mail_contents c ON c.brand_id = m.brand_id AND c.distribution_id = m.distribution_id
     WHERE m.id = ANY ($2) GROUP BY 3, 4`,
    [brandId, ids, name, now],
  );
}

const COUNTS: readonly DeliveryCount[] = [
  'accepted',
  'deferred',
  'bounced_hard',
  'bounced_soft',
  'complained',
  'opened',
];
const sums = COUNTS.map((name) => `coalesce(sum(n) FILTER (WHERE name = '${name}'), 0) AS ${name}`).join(', ');
const added = COUNTS.map((name) => `${name} = kept.${name} + excluded.${name}`).join(', ');

/** Sums waiting differences up, of each day and domain and of the whole day. @returns how many */
export async function foldDeliveries(unit: Unit, brandId: string, most: number): Promise<number> {
  const row = await unit.one<{ n: number }>(
    `WITH taken AS (
       DELETE FROM deliverability_deltas WHERE brand_id = $1 AND id = ANY (ARRAY(
         SELECT id FROM deliverability_deltas WHERE brand_id = $1 ORDER BY id LIMIT $2 FOR UPDATE SKIP LOCKED))
       RETURNING day, from_domain, to_domain, name, n
     ), folded AS (
       INSERT INTO deliverability_days AS kept (brand_id, day, from_domain, to_domain, ${COUNTS.join(', ')})
       SELECT $1, day, from_domain, to_domain, ${sums}
       FROM (SELECT day, from_domain, to_domain, name, n FROM taken WHERE to_domain <> ''
             UNION ALL SELECT day, from_domain, '', name, n FROM taken) both_levels
       GROUP BY day, from_domain, to_domain ORDER BY day, from_domain, to_domain
       ON CONFLICT (brand_id, day, from_domain, to_domain) DO UPDATE SET ${added}
     )
     SELECT count(*)::int AS n FROM taken`,
    [brandId, most],
  );
  return row.n;
}

export interface DeliveryRow {
  label: string;
  accepted: number;
  deferred: number;
  bouncedHard: number;
  bouncedSoft: number;
  complained: number;
  opened: number;
}

const READ = `sum(accepted)::int AS accepted, sum(deferred)::int AS deferred, sum(bounced_hard)::int AS "bouncedHard",
  sum(bounced_soft)::int AS "bouncedSoft", sum(complained)::int AS complained, sum(opened)::int AS opened`;

/** Of the days since `since`: by recipient domain (the biggest), by From domain, or by day. */
export function readDeliveries(
  unit: Unit,
  by: 'to_domain' | 'from_domain' | 'day',
  { since, fromDomain, most }: { since: string; fromDomain: string | undefined; most: number },
): Promise<DeliveryRow[]> {
  const level = by === 'to_domain' ? `to_domain <> ''` : `to_domain = ''`;
  const order = by === 'day' ? '1 DESC' : 'sum(accepted + deferred + bounced_hard + bounced_soft) DESC, 1';
  return unit.sql<DeliveryRow>(
    `SELECT ${by}::text AS label, ${READ} FROM deliverability_days
     WHERE ${level} AND day >= $1::date AND ($2::text IS NULL OR from_domain = $2)
     GROUP BY ${by} ORDER BY ${order} LIMIT $3`,
    [since, fromDomain ?? null, most],
  );
}
