import { Migration } from '@mikro-orm/migrations';

/** Whom a mail went to is found by the address itself: contacts are deleted, made anew and corrected. */
export class Migration20261201050100_same_address extends Migration {
  override up(): void {
    for (const statement of statements) {
      this.addSql(statement);
    }
  }
}

const statements = [
  // Equal for one address in whatever case, spelling of its letters and blanks around it; a number is a small index.
  `CREATE FUNCTION address_key(address text) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE
     RETURN hashtextextended(lower(normalize(btrim(address))), 0)`,
  `GRANT EXECUTE ON FUNCTION address_key(text) TO canvass_app`,
  // Row-level security lets only plain columns be looked up by an index, so it is one.
  `ALTER TABLE messages
     ADD COLUMN address_key bigint GENERATED ALWAYS AS (address_key(address)) STORED,
     -- Its contact was given another address while it waited; tries so far were made at the old one.
     ADD COLUMN readdressed_at timestamptz,
     ADD COLUMN tries_elsewhere int NOT NULL DEFAULT 0`,
  `CREATE INDEX messages_address ON messages (brand_id, address_key)`,
  // Who says the very same is asked for each batch of a plan.
  `ALTER TABLE distributions
     -- Form and words that a draft was made from: pressing a button twice makes one.
     ADD COLUMN written_key text`,
  `CREATE UNIQUE INDEX distributions_written ON distributions (brand_id, written_key) WHERE written_key IS NOT NULL`,
  `CREATE INDEX distributions_content ON distributions (brand_id, content_key)`,
];
