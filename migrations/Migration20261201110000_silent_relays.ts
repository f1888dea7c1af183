import { Migration } from '@mikro-orm/migrations';
import { finder } from './brand_tables.js';

/** Since when a relay does not answer: where another takes over, nothing waits that would tell. */
export class Migration20261201110000_silent_relays extends Migration {
  override up(): void {
    for (const statement of statements) {
      this.addSql(statement);
    }
  }
}

const statements = [
  // The first and the last try that found it down; both are empty while it answers.
  `ALTER TABLE relays ADD COLUMN down_since timestamptz, ADD COLUMN down_at timestamptz,
     ADD CONSTRAINT relays_down CHECK ((down_since IS NULL) = (down_at IS NULL))`,
  `CREATE INDEX relays_down_at ON relays (down_at) WHERE down_at IS NOT NULL`,
  `CREATE INDEX notice_events_down ON notice_events (brand_id, key) WHERE state = 'down'`,
  ...finder(
    'find_relays_to_knock(before timestamptz)',
    'TABLE (brand_id bigint, relay_id bigint)',
    { relays: 'brand_id, id, enabled, place, from_domains, down_since, down_at' },
    `SELECT brand_id, id FROM relays WHERE down_at <= $1 AND enabled ORDER BY down_at LIMIT 200`,
  ),
  ...finder(
    'find_brands_with_relay_news()',
    'TABLE (brand_id bigint)',
    {},
    `SELECT r.brand_id FROM relays r WHERE r.down_at >= r.down_since + interval '10 minutes' AND r.enabled
       AND NOT EXISTS (SELECT FROM notice_events e WHERE e.brand_id = r.brand_id AND e.key = 'relay:' || r.id AND e.state = 'down')
       AND EXISTS (SELECT FROM relays y WHERE y.brand_id = r.brand_id AND y.id <> r.id AND y.enabled AND y.down_at IS NULL
         AND (y.from_domains = '{}' OR (r.from_domains <> '{}' AND r.from_domains <@ y.from_domains)))
     UNION
     SELECT e.brand_id FROM notice_events e WHERE e.state = 'down' AND e.key LIKE 'relay:%' AND NOT EXISTS (
       SELECT FROM relays r WHERE r.brand_id = e.brand_id AND 'relay:' || r.id = e.key AND r.enabled AND r.down_at IS NOT NULL)`,
  ),
];
