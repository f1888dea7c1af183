import { Migration } from '@mikro-orm/migrations';
import { finder, wallAround } from './brand_tables.js';

/** Mails that came back and mails of the development mailbox are kept within bounds and for a while. */
export class Migration20261130215500_mails_that_go extends Migration {
  override up(): void {
    for (const statement of statements) {
      this.addSql(statement);
    }
  }
}

const statements = [
  `ALTER TABLE inbound_mails
     -- Its words went by age; what was found in them stays.
     ADD COLUMN words_gone_at timestamptz,
     -- Further mails about the same message that said the same: counted, not kept.
     ADD COLUMN repeats int NOT NULL DEFAULT 0`,
  `CREATE INDEX inbound_mails_aging ON inbound_mails (received_at) WHERE state = 'done' AND words_gone_at IS NULL`,
  `CREATE INDEX inbound_mails_received ON inbound_mails (received_at)`,
  // How many bytes of mails are kept of each day: what fills the disk is known without reading the mails.
  `CREATE TABLE inbound_days (
     brand_id bigint NOT NULL REFERENCES brands, day date NOT NULL, bytes bigint NOT NULL,
     PRIMARY KEY (brand_id, day))`,
  ...wallAround('inbound_days'),
  ...finder(
    'sum_inbound_mails(since date)',
    'TABLE (bytes bigint)',
    { inbound_days: 'brand_id, day, bytes' },
    'SELECT coalesce(sum(bytes), 0)::bigint FROM inbound_days WHERE day >= since',
  ),
  ...finder(
    'find_brands_with_aged_mails(words timestamptz, facts timestamptz)',
    'TABLE (brand_id bigint)',
    { inbound_mails: 'brand_id, id, state, message_id, forward_at, forwarded_at, received_at, words_gone_at' },
    `SELECT brand_id FROM inbound_mails WHERE state = 'done' AND words_gone_at IS NULL AND received_at < words
     UNION SELECT brand_id FROM inbound_mails WHERE state = 'done' AND received_at < facts
     UNION SELECT brand_id FROM inbound_days WHERE day < words::date - 1`,
  ),
  ...finder(
    'find_brands_with_mailbox_mails()',
    'TABLE (brand_id bigint)',
    { mailbox_mails: 'brand_id, id' },
    'SELECT DISTINCT brand_id FROM mailbox_mails',
  ),
];
