import { Migration } from '@mikro-orm/migrations';
import { finder } from './brand_tables.js';

/** A reminder or thank-you with a time of its own is looked at once more when its first mails leave. */
export class Migration20261201140000_latecomers extends Migration {
  override up(): void {
    for (const statement of statements) {
      this.addSql(statement);
    }
  }
}

const statements = [
  `CREATE INDEX distributions_latecomers ON distributions (next_round_at)
     WHERE send_at IS NOT NULL AND status = 'sending' AND next_round_at IS NOT NULL`,
  `DROP FUNCTION find_follow_up_rounds(timestamptz)`,
  ...finder(
    'find_follow_up_rounds(now timestamptz)',
    'TABLE (brand_id bigint, distribution_id bigint)',
    {},
    `(SELECT w.brand_id, w.id FROM distributions w
      JOIN distributions i ON i.brand_id = w.brand_id AND i.id = w.parent_id
      WHERE w.after_hours IS NOT NULL AND w.send_at IS NULL AND w.status IN ('scheduled', 'sending') AND w.deleted_at IS NULL AND w.takes_more
        AND (w.next_round_at <= now OR (w.next_round_at IS NULL
          AND (i.sent_at IS NOT NULL OR i.deleted_at IS NOT NULL OR i.status IN ('cancelled', 'failed')))) LIMIT 500)
     UNION ALL
     (SELECT brand_id, id FROM distributions
      WHERE send_at IS NOT NULL AND status = 'sending' AND next_round_at <= now AND deleted_at IS NULL LIMIT 500)`,
  ),
];
