import { Migration } from '@mikro-orm/migrations';
import { finder, wallAround } from './brand_tables.js';

/** Mails that come back: kept as they came, judged, folded into the ledger; and what they teach about addresses. */
export class Migration20261124000300_coming_back extends Migration {
  override up(): void {
    for (const statement of [...inbound, ...suppressions, ...failures, ...distributions]) {
      this.addSql(statement);
    }
  }
}

const inbound = [
  `CREATE TABLE inbound_mails (
     brand_id bigint NOT NULL REFERENCES brands, id bigint GENERATED ALWAYS AS IDENTITY,
     -- The message whose envelope sender, or unsubscribe address, it came to.
     message_id bigint,
     addressed text NOT NULL CHECK (addressed IN ('bounce', 'unsubscribe')),
     source text NOT NULL CHECK (source IN ('smtp', 'imap')),
     -- The same mail handed over again is the same row.
     source_key text NOT NULL,
     sender text NOT NULL, recipient text NOT NULL, raw bytea NOT NULL, received_at timestamptz NOT NULL,
     state text NOT NULL DEFAULT 'stored' CHECK (state IN ('stored', 'read', 'done')),
     kind text, findings jsonb NOT NULL DEFAULT '{}', from_address text NOT NULL DEFAULT '', subject text NOT NULL DEFAULT '',
     excerpt text NOT NULL DEFAULT '', read_at timestamptz, done_at timestamptz,
     -- A reply goes on to the author's address: wanted at, told at.
     forward_at timestamptz, forwarded_at timestamptz,
     PRIMARY KEY (brand_id, id),
     FOREIGN KEY (brand_id, message_id) REFERENCES messages ON DELETE SET NULL (message_id))`,
  `CREATE UNIQUE INDEX inbound_mails_once ON inbound_mails (brand_id, source_key)`,
  `CREATE INDEX inbound_mails_stored ON inbound_mails (brand_id, id) WHERE state = 'stored'`,
  `CREATE INDEX inbound_mails_read ON inbound_mails (brand_id, id) WHERE state = 'read'`,
  `CREATE INDEX inbound_mails_forwards ON inbound_mails (brand_id, id) WHERE forward_at IS NOT NULL AND forwarded_at IS NULL`,
  `CREATE INDEX inbound_mails_message ON inbound_mails (brand_id, message_id) WHERE message_id IS NOT NULL`,
  `CREATE INDEX inbound_mails_kind ON inbound_mails (brand_id, kind, id)`,
  ...wallAround('inbound_mails'),
  ...finder(
    'find_brands_with_inbound_mails()',
    'TABLE (brand_id bigint)',
    { inbound_mails: 'brand_id, id, state, message_id, forward_at, forwarded_at' },
    `SELECT DISTINCT brand_id FROM inbound_mails WHERE state = 'stored'`,
  ),
  ...finder(
    'find_brands_with_returns()',
    'TABLE (brand_id bigint)',
    {},
    `SELECT brand_id FROM inbound_mails WHERE state = 'read'
     UNION SELECT brand_id FROM inbound_mails WHERE forward_at IS NOT NULL AND forwarded_at IS NULL`,
  ),
  // Addressed rightly, but the message is gone: nobody's, and still not thrown away unread.
  `CREATE TABLE stray_mails (
     id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, source_key text NOT NULL UNIQUE,
     sender text NOT NULL, recipient text NOT NULL, raw bytea NOT NULL, received_at timestamptz NOT NULL)`,
  `GRANT SELECT, INSERT, UPDATE, DELETE ON stray_mails TO canvass_app`,
  `CREATE TABLE mailbox_cursors (
     mailbox text PRIMARY KEY, uid_validity text NOT NULL, last_uid bigint NOT NULL, read_at timestamptz NOT NULL)`,
  `GRANT SELECT, INSERT, UPDATE, DELETE ON mailbox_cursors TO canvass_app`,
];

const suppressions = [
  `ALTER TABLE suppressions
     ADD COLUMN id bigint GENERATED ALWAYS AS IDENTITY,
     -- Shown while its person is known here; erasing the person empties it and keeps the hash.
     ADD COLUMN address text NOT NULL DEFAULT '',
     ADD COLUMN added_by bigint,
     ADD COLUMN message_id bigint,
     ADD FOREIGN KEY (brand_id, added_by) REFERENCES users (brand_id, id) ON DELETE SET NULL (added_by)`,
  `CREATE UNIQUE INDEX suppressions_id ON suppressions (brand_id, id)`,
  // Salted with what is random for each installation, so that no list of hashes of known addresses opens it. The inner
  // hash is what was stored before: rows that exist are taken along.
  `DO $$
   DECLARE salt text := replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', '');
   BEGIN
     EXECUTE format('CREATE OR REPLACE FUNCTION suppression_hash(address text) RETURNS bytea LANGUAGE sql IMMUTABLE PARALLEL SAFE
       RETURN sha256(decode(%1$L, ''hex'') || sha256(convert_to(lower(address), ''UTF8'')))', salt);
     EXECUTE format('UPDATE suppressions SET address_hash = sha256(decode(%1$L, ''hex'') || address_hash)', salt);
   END $$`,
];

const failures = [
  // What speaks against an address without deciding yet: it counts only together with others.
  `CREATE TABLE address_failures (
     brand_id bigint NOT NULL REFERENCES brands, id bigint GENERATED ALWAYS AS IDENTITY,
     address_hash bytea NOT NULL, kind text NOT NULL CHECK (kind IN ('soft', 'disabled', 'no_domain')),
     distribution_id bigint NOT NULL, message_id bigint NOT NULL, at timestamptz NOT NULL,
     PRIMARY KEY (brand_id, id))`,
  `CREATE INDEX address_failures_address ON address_failures (brand_id, address_hash, kind, at)`,
  `CREATE INDEX address_failures_at ON address_failures (at)`,
  ...wallAround('address_failures'),
  // What an author should hear about a distribution: one row a kind, with the latest words and how often.
  `CREATE TABLE distribution_alerts (
     brand_id bigint NOT NULL, distribution_id bigint NOT NULL, kind text NOT NULL,
     n int NOT NULL DEFAULT 1, words text NOT NULL, first_at timestamptz NOT NULL, last_at timestamptz NOT NULL,
     PRIMARY KEY (brand_id, distribution_id, kind),
     FOREIGN KEY (brand_id, distribution_id) REFERENCES distributions ON DELETE CASCADE)`,
  ...wallAround('distribution_alerts'),
];

const distributions = [
  `ALTER TABLE distributions
     -- Paused by us, and why; the owner is told once.
     ADD COLUMN pause_reason text CHECK (pause_reason IN ('bounces', 'complaints')),
     ADD COLUMN pause_told_at timestamptz,
     -- Somebody resumed it knowing that.
     ADD COLUMN guard_waived boolean NOT NULL DEFAULT false`,
  `CREATE INDEX distributions_pauses_to_tell ON distributions (brand_id, id) WHERE pause_reason IS NOT NULL AND pause_told_at IS NULL`,
  ...finder(
    'find_pauses_to_tell()',
    'TABLE (brand_id bigint, distribution_id bigint)',
    { distributions: 'brand_id, id, pause_reason, pause_told_at' },
    'SELECT brand_id, id FROM distributions WHERE pause_reason IS NOT NULL AND pause_told_at IS NULL LIMIT 100',
  ),
];
