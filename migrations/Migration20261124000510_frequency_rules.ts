import { Migration } from '@mikro-orm/migrations';
import { wallAround } from './brand_tables.js';

/** How often people may be written to, and the index that answers how often they were. */
export class Migration20261124000510_frequency_rules extends Migration {
  override up(): void {
    for (const statement of [...rules, ...audiences]) {
      this.addSql(statement);
    }
  }
}

const rules = [
  `CREATE TABLE frequency_rules (
     brand_id bigint NOT NULL REFERENCES brands, id bigint GENERATED ALWAYS AS IDENTITY,
     name text NOT NULL CHECK (length(name) BETWEEN 1 AND 100), is_on boolean NOT NULL DEFAULT true,
     -- At most so many mails in so many hours, and so many hours between two of them; one of both at least.
     most int CHECK (most BETWEEN 1 AND 1000), period_hours int CHECK (period_hours BETWEEN 1 AND 8760),
     gap_hours int CHECK (gap_hours BETWEEN 1 AND 8760),
     list_id bigint, survey_id bigint,
     counts text[] NOT NULL CHECK (cardinality(counts) > 0 AND counts <@ ARRAY['Invite', 'Reminder', 'ThankYou']),
     conditions jsonb NOT NULL DEFAULT '[]',
     owner_id bigint NOT NULL, created_at timestamptz NOT NULL, modified_at timestamptz NOT NULL,
     PRIMARY KEY (brand_id, id),
     FOREIGN KEY (brand_id, owner_id) REFERENCES users,
     FOREIGN KEY (brand_id, list_id) REFERENCES contact_lists ON DELETE CASCADE,
     FOREIGN KEY (brand_id, survey_id) REFERENCES surveys,
     CHECK ((most IS NULL) = (period_hours IS NULL)), CHECK (most IS NOT NULL OR gap_hours IS NOT NULL))`,
  ...wallAround('frequency_rules'),
  // Whether rules hold for reminders and thank-yous as well.
  `ALTER TABLE brands ADD COLUMN frequency_of_follow_ups boolean NOT NULL DEFAULT true`,
  // How often somebody was written to; and deleting a contact has to find their messages.
  `CREATE INDEX messages_of_contact ON messages (brand_id, contact_id, dated_at) WHERE contact_id IS NOT NULL`,
];

const audiences = [
  `ALTER TABLE distributions
     -- Part of the list, drawn by chance: { kind, size, seed }.
     ADD COLUMN sample jsonb`,
  // Who was drawn, from the moment at which the audience is frozen until planning is over.
  `CREATE TABLE distribution_audiences (
     brand_id bigint NOT NULL, distribution_id bigint NOT NULL, contact_id bigint NOT NULL,
     PRIMARY KEY (brand_id, distribution_id, contact_id),
     FOREIGN KEY (brand_id, distribution_id) REFERENCES distributions ON DELETE CASCADE)`,
  ...wallAround('distribution_audiences'),
];
