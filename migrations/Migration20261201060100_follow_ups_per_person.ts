import { Migration } from '@mikro-orm/migrations';
import { finder } from './brand_tables.js';

/** Reminders and thank-yous "days after" count for each person from their own mail, by the plan of the invitation. */
export class Migration20261201060100_follow_ups_per_person extends Migration {
  override up(): void {
    for (const statement of statements) {
      this.addSql(statement);
    }
  }
}

const statements = [
  `ALTER TABLE distributions
     -- When somebody's days are over next, or it is to be looked again whether they are; null: not looked yet.
     ADD COLUMN next_round_at timestamptz,
     -- Whether more people may come whose days are not over.
     ADD COLUMN takes_more boolean NOT NULL DEFAULT true,
     -- Whether hours, pace, zone and lateness are its own and not those of the invitation.
     ADD COLUMN own_plan boolean NOT NULL DEFAULT false`,
  `UPDATE distributions f SET send_zone = i.send_zone, sending_window = i.sending_window, pace = i.pace,
     late_after_hours = i.late_after_hours, time_zone = i.time_zone
   FROM distributions i WHERE i.brand_id = f.brand_id AND i.id = f.parent_id AND f.planned_at IS NULL AND f.send_at IS NULL`,
  `UPDATE distributions SET own_plan = true WHERE parent_id IS NOT NULL AND (planned_at IS NOT NULL OR send_at IS NOT NULL)`,
  `DROP INDEX distributions_waiting`,
  `CREATE INDEX distributions_waiting ON distributions (id)
     WHERE after_hours IS NOT NULL AND send_at IS NULL AND status IN ('scheduled', 'sending')`,
  `DROP FUNCTION find_follow_ups_to_time()`,
  // A first look comes when the invitation was sent, or never will be.
  ...finder(
    'find_follow_up_rounds(now timestamptz)',
    'TABLE (brand_id bigint, distribution_id bigint)',
    {
      distributions:
        'brand_id, id, status, send_at, retry_at, plan_at, next_wave_at, parent_id, after_hours, deleted_at, sent_at, next_round_at, takes_more',
    },
    `SELECT w.brand_id, w.id FROM distributions w
     JOIN distributions i ON i.brand_id = w.brand_id AND i.id = w.parent_id
     WHERE w.after_hours IS NOT NULL AND w.send_at IS NULL AND w.status IN ('scheduled', 'sending') AND w.deleted_at IS NULL AND w.takes_more
       AND (w.next_round_at <= now OR (w.next_round_at IS NULL
         AND (i.sent_at IS NOT NULL OR i.deleted_at IS NOT NULL OR i.status IN ('cancelled', 'failed')))) LIMIT 500`,
  ),
];
