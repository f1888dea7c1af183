import type { Unit } from '../platform/db/database.js';
import type { Happening } from './notice_kinds.js';

interface LimitRow {
  scope: 'user' | 'division' | 'brand';
  id: string;
  /** Of a division. */
  name: string;
  used: number;
  limit: number;
  week: string;
  /** Whom it concerns besides the administrators: the person, or who is in the division and can sign in. */
  userIds: string[];
}

/** Limits of a brand `$1` that mails were charged to in the last two hours, used up to four fifths and not told this week. */
const NEWS = `WITH lately AS (
     SELECT DISTINCT k.brand_id, k.scope, k.scope_id FROM send_buckets k WHERE k.brand_id = $1 AND k.hour > $2::timestamptz - interval '2 hours' AND k.reserved > 0
   ), limited AS (
     SELECT l.*, CASE l.scope WHEN 'brand' THEN b.weekly_email_limit WHEN 'division' THEN d.weekly_email_limit
         ELSE coalesce(u.weekly_email_limit, b.weekly_email_limit_per_user) END AS allowed,
       CASE l.scope WHEN 'brand' THEN 'limit:' ELSE 'limit:' || l.scope || ':' || l.scope_id || ':' END AS key,
       (SELECT coalesce(sum(k.reserved), 0)::int FROM send_buckets k WHERE k.brand_id = l.brand_id AND k.scope = l.scope
         AND k.scope_id = l.scope_id AND k.hour > $2::timestamptz - interval '169 hours') AS used
     FROM lately l JOIN brands b ON b.id = l.brand_id
     LEFT JOIN divisions d ON l.scope = 'division' AND d.brand_id = l.brand_id AND d.id = l.scope_id
     LEFT JOIN users u ON l.scope = 'user' AND u.brand_id = l.brand_id AND u.id = l.scope_id
   )
   SELECT l.scope, l.scope_id, l.used, l.allowed FROM limited l
   WHERE l.allowed > 0 AND l.used >= l.allowed * 0.8 AND NOT EXISTS (
     SELECT FROM notice_events e WHERE e.brand_id = l.brand_id AND e.stamp = date_trunc('week', $2::timestamptz, 'UTC')
       AND (e.key = l.key || 'full' OR (e.key = l.key || 'near' AND l.used < l.allowed)))`;

/** How much of weekly limits is spoken for, where that is worth a word: of the brand, of divisions and of people. */
export async function limitHappenings(unit: Unit, brandId: string, now: Date): Promise<Happening[]> {
  const rows = await unit.sql<LimitRow>(
    `SELECT l.scope, l.scope_id AS id, coalesce(d.name, '') AS name, l.used, l.allowed AS limit,
       date_trunc('week', $2::timestamptz, 'UTC')::text AS week,
       ARRAY(SELECT u.id FROM users u WHERE u.status <> 'disabled' AND (u.expires_at IS NULL OR u.expires_at > $2)
         AND ((l.scope = 'user' AND u.id = l.scope_id) OR (l.scope = 'division' AND u.division_id = l.scope_id))
         ORDER BY u.id LIMIT 500)::text[] AS "userIds"
     FROM (${NEWS}) l LEFT JOIN divisions d ON l.scope = 'division' AND d.id = l.scope_id`,
    [brandId, now],
  );
  return rows.flatMap((row) => happeningsOf(row));
}

/** Whoever hears that it is used up needs not hear as well that it nearly was. */
function happeningsOf({ scope, id, name: title, used, limit, week: stamp, userIds }: LimitRow): Happening[] {
  const degree = used >= limit ? 'full' : 'near';
  const about = (words: string): Pick<Happening, 'stamp' | 'facts'> => ({
    stamp,
    facts: { words, title, used, limit },
  });
  if (scope === 'brand') {
    return [{ key: `limit:${degree}`, kind: 'limits', ...about(`limit_${degree}`) }];
  }
  const key = `limit:${scope}:${id}:${degree}`;
  const own: Happening = { key, kind: 'ownLimits', userIds, ...about(`limit_${scope}_${degree}`) };
  return scope === 'user'
    ? [own]
    : [own, { key: key.replace('limit', 'limits'), kind: 'limits', ...about(`limit_division_${degree}`) }];
}
