import { Migration } from '@mikro-orm/migrations';

/** What planning remembers between its batches, and which hour's allowance each message holds. */
export class Migration20261123001040_distribution_sending extends Migration {
  override up(): void {
    for (const statement of [...distributions, ...messages, ...responses]) {
      this.addSql(statement);
    }
  }
}

const distributions = [
  `ALTER TABLE distributions
     ADD COLUMN link_days int NOT NULL DEFAULT 60 CHECK (link_days BETWEEN 1 AND 3650),
     ADD COLUMN skip_finished boolean NOT NULL DEFAULT true,
     -- The allowance that was reserved for all of it, before the first message was queued.
     ADD COLUMN reserved int NOT NULL DEFAULT 0,
     ADD COLUMN reserved_hour timestamptz,
     -- Members added later don't sneak in; planning goes on after this contact.
     ADD COLUMN frozen_at timestamptz,
     ADD COLUMN planned_through bigint NOT NULL DEFAULT 0,
     ADD COLUMN held_at timestamptz,
     ADD COLUMN content_key text GENERATED ALWAYS AS (md5(subject || E'\\n' || body_html || E'\\n' || body_text)) STORED`,
  // Planning draws the numbers of links before it writes them.
  `GRANT USAGE ON SEQUENCE links_id_seq TO canvass_app`,
  `CREATE INDEX distributions_planned ON distributions (brand_id, planned_at) WHERE planned_at IS NOT NULL`,
];

const messages = [
  `ALTER TABLE messages
     -- The bucket of the weekly limit that pays for it; null when nothing is reserved (any more).
     ADD COLUMN reserved_hour timestamptz,
     -- Since when the reason holds, e.g. the day of an opt-out.
     ADD COLUMN reason_at timestamptz,
     -- The first try that a server put off: after 48 hours of that it is over.
     ADD COLUMN deferred_since timestamptz`,
  `CREATE INDEX messages_of_distribution ON messages (brand_id, distribution_id, id)`,
  `CREATE INDEX messages_reasons ON messages (brand_id, distribution_id, reason, id) WHERE reason IS NOT NULL`,
];

const responses = [
  // Planning and the last check before the wire ask whether this person has finished the survey.
  `CREATE INDEX responses_of_contact ON responses (brand_id, contact_id) WHERE contact_id IS NOT NULL`,
];
