import { Migration } from '@mikro-orm/migrations';
import { finder } from './brand_tables.js';

/** Reminders and thank-yous: distributions below another one, and when they go. */
export class Migration20261124000500_follow_ups extends Migration {
  override up(): void {
    for (const statement of [...followUps, ...links]) {
      this.addSql(statement);
    }
  }
}

const followUps = [
  `ALTER TABLE distributions DROP CONSTRAINT distributions_request_type_check`,
  `ALTER TABLE distributions
     ADD CONSTRAINT distributions_request_type_check
       CHECK (request_type IN ('Invite', 'Reminder', 'ThankYou', 'Email', 'GeneratedInvite')),
     -- A time that is counted from the end of another sending; \`send_at\` is known when that has come.
     ADD COLUMN after_hours int CHECK (after_hours BETWEEN 1 AND 8760),
     ADD COLUMN after_what text CHECK (after_what IN ('invitation', 'last_reminder')),
     -- A thank-you that goes to each person when their response is recorded.
     ADD COLUMN at_once boolean NOT NULL DEFAULT false,
     ADD CONSTRAINT distributions_follow_ups_have_a_parent
       CHECK ((request_type IN ('Reminder', 'ThankYou')) = (parent_id IS NOT NULL)),
     ADD CONSTRAINT distributions_only_thank_yous_at_once CHECK (NOT at_once OR request_type = 'ThankYou'),
     ADD CONSTRAINT distributions_after_something CHECK ((after_hours IS NULL) = (after_what IS NULL))`,
  `CREATE INDEX distributions_children ON distributions (brand_id, parent_id, id) WHERE parent_id IS NOT NULL`,
  `CREATE INDEX distributions_waiting ON distributions (id) WHERE after_hours IS NOT NULL AND send_at IS NULL AND status = 'scheduled'`,
  // What waits for the end of another sending, when that has come: the last reminder before it, else the invitation.
  ...finder(
    'find_follow_ups_to_time()',
    'TABLE (brand_id bigint, distribution_id bigint)',
    {
      distributions:
        'brand_id, id, status, send_at, retry_at, parent_id, request_type, after_hours, after_what, deleted_at, sent_at',
    },
    `SELECT w.brand_id, w.id FROM distributions w
     CROSS JOIN LATERAL (
       SELECT d.status, d.deleted_at FROM distributions d
       WHERE d.brand_id = w.brand_id AND (d.id = w.parent_id OR (w.after_what = 'last_reminder' AND d.parent_id = w.parent_id
         AND d.id < w.id AND d.request_type = 'Reminder' AND d.deleted_at IS NULL
         AND (d.sent_at IS NOT NULL OR d.status NOT IN ('draft', 'cancelled', 'failed'))))
       ORDER BY d.id DESC LIMIT 1) before
     WHERE w.after_hours IS NOT NULL AND w.send_at IS NULL AND w.status = 'scheduled' AND w.deleted_at IS NULL
       AND (before.deleted_at IS NOT NULL OR before.status IN ('done', 'cancelled', 'failed')) LIMIT 500`,
  ),
];

const links = [
  // A link that is made anew stands beside the one that it replaces.
  `DROP INDEX links_once`,
  `CREATE UNIQUE INDEX links_once ON links (brand_id, distribution_id, contact_id) WHERE distribution_id IS NOT NULL AND revoked_at IS NULL`,
];
