import { Migration } from '@mikro-orm/migrations';

/** Names of lists in lower case by Unicode, whatever the database's own rules are. */
export class Migration20261123001011_contact_list_search extends Migration {
  override up(): void {
    this.addSql(`DO $$
      DECLARE rules text := (SELECT collname FROM pg_collation WHERE collname IN ('pg_c_utf8', 'und-x-icu', 'default')
                             ORDER BY array_position(ARRAY['pg_c_utf8', 'und-x-icu', 'default'], collname::text) LIMIT 1);
      BEGIN
        EXECUTE format('ALTER TABLE contact_lists
          ADD COLUMN plain_name text COLLATE "C" GENERATED ALWAYS AS (lower(name COLLATE %1$I)) STORED', rules);
      END $$`);
  }
}
