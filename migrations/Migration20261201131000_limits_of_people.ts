import { Migration } from '@mikro-orm/migrations';
import { finder } from './brand_tables.js';

/** Weekly limits of people and divisions are told as the brand's is: nearly used up, and used up, each once a week. */
export class Migration20261201131000_limits_of_people extends Migration {
  override up(): void {
    for (const statement of statements) {
      this.addSql(statement);
    }
  }
}

const statements = finder(
  'find_brands_near_limits(now timestamptz)',
  'TABLE (brand_id bigint)',
  {
    notice_events: 'brand_id, id, key, stamp, state, told_at',
    send_buckets: 'brand_id, scope, scope_id, hour, reserved',
    brands: 'id, slug, weekly_email_limit, weekly_email_limit_per_user',
    divisions: 'brand_id, id, weekly_email_limit',
    users: 'brand_id, id, weekly_email_limit',
  },
  `WITH lately AS (
     SELECT DISTINCT k.brand_id, k.scope, k.scope_id FROM send_buckets k WHERE k.hour > $1 - interval '2 hours' AND k.reserved > 0
   ), limited AS (
     SELECT l.*, CASE l.scope WHEN 'brand' THEN b.weekly_email_limit WHEN 'division' THEN d.weekly_email_limit
         ELSE coalesce(u.weekly_email_limit, b.weekly_email_limit_per_user) END AS allowed,
       CASE l.scope WHEN 'brand' THEN 'limit:' ELSE 'limit:' || l.scope || ':' || l.scope_id || ':' END AS key,
       (SELECT coalesce(sum(k.reserved), 0)::int FROM send_buckets k WHERE k.brand_id = l.brand_id AND k.scope = l.scope
         AND k.scope_id = l.scope_id AND k.hour > $1 - interval '169 hours') AS used
     FROM lately l JOIN brands b ON b.id = l.brand_id
     LEFT JOIN divisions d ON l.scope = 'division' AND d.brand_id = l.brand_id AND d.id = l.scope_id
     LEFT JOIN users u ON l.scope = 'user' AND u.brand_id = l.brand_id AND u.id = l.scope_id
   )
   SELECT DISTINCT l.brand_id FROM limited l
   WHERE l.allowed > 0 AND l.used >= l.allowed * 0.8 AND NOT EXISTS (
     SELECT FROM notice_events e WHERE e.brand_id = l.brand_id AND e.stamp = date_trunc('week', $1, 'UTC')
       AND (e.key = l.key || 'full' OR (e.key = l.key || 'near' AND l.used < l.allowed)))`,
);
