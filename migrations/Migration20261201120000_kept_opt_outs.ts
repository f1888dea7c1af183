import { Migration } from '@mikro-orm/migrations';

/** How many people of a file stay opted out although the file does not say so. Imports of before counted nobody. */
export class Migration20261201120000_kept_opt_outs extends Migration {
  override up(): void {
    this.addSql('ALTER TABLE contact_imports ADD COLUMN kept_opt_outs integer NOT NULL DEFAULT 0');
  }
}
