import { Migration } from '@mikro-orm/migrations';

/** Searchable contacts in lists of a million, and imports that can be claimed, resumed and merged in one statement each. */
export class Migration20261123001010_contact_search_and_imports extends Migration {
  override up(): void {
    for (const statement of [...contacts, ...suppressions, ...imports]) {
      this.addSql(statement);
    }
  }
}

const MATCH_KEY = `CASE WHEN email <> '' THEN 'e:' || lower(email) WHEN ext_ref <> '' THEN 'r:' || ext_ref END`;

const contacts = [
  // In C order whatever the database's own is: only then a range of the index answers "begins with".
  `ALTER TABLE contacts DROP COLUMN match_key`,
  `ALTER TABLE contacts ADD COLUMN match_key text COLLATE "C" GENERATED ALWAYS AS (${MATCH_KEY}) STORED`,
  `CREATE UNIQUE INDEX contacts_match_key ON contacts (brand_id, match_key)`,
  // Names in lower case as columns, because row-level security keeps expression indexes out of use (lower() is not
  // leakproof). Lower case by Unicode where the server knows how, whatever the database's own rules are.
  `DO $$
   DECLARE rules text := (SELECT collname FROM pg_collation WHERE collname IN ('pg_c_utf8', 'und-x-icu', 'default')
                          ORDER BY array_position(ARRAY['pg_c_utf8', 'und-x-icu', 'default'], collname::text) LIMIT 1);
   BEGIN
     EXECUTE format('ALTER TABLE contacts
       ADD COLUMN first_last text COLLATE "C" GENERATED ALWAYS AS (lower((first_name || '' '' || last_name) COLLATE %1$I)) STORED,
       ADD COLUMN last_first text COLLATE "C" GENERATED ALWAYS AS (lower((last_name || '' '' || first_name) COLLATE %1$I)) STORED', rules);
   END $$`,
  `CREATE INDEX contacts_first_last ON contacts (brand_id, first_last)`,
  `CREATE INDEX contacts_last_first ON contacts (brand_id, last_first)`,
  // An import numbers its new contacts before it inserts them, so that memberships need no second look-up.
  `GRANT USAGE ON SEQUENCE contacts_id_seq TO canvass_app`,
];

const suppressions = [
  // The one definition of a suppressed address, for single look-ups and for planning in sets alike.
  `CREATE FUNCTION suppression_hash(address text) RETURNS bytea LANGUAGE sql IMMUTABLE PARALLEL SAFE
     RETURN sha256(convert_to(lower(address), 'UTF8'))`,
  `GRANT EXECUTE ON FUNCTION suppression_hash(text) TO canvass_app`,
];

const imports = [
  // A new attempt fences an older one off that was only asleep; added counts people new on the list.
  `ALTER TABLE contact_imports ADD COLUMN attempt int NOT NULL DEFAULT 0, ADD COLUMN added int NOT NULL DEFAULT 0`,
  `ALTER TABLE contact_import_staging
     ADD COLUMN list_unsubscribed text, ADD COLUMN list_embedded jsonb,
     ADD COLUMN match_key text COLLATE "C" GENERATED ALWAYS AS (${MATCH_KEY}) STORED`,
];
