import { Migration } from '@mikro-orm/migrations';

/** What recipients read of a list in its mails and on the opt-out page; empty: the brand's name. */
export class Migration20261201031000_public_list_names extends Migration {
  override up(): void {
    this.addSql(
      `ALTER TABLE contact_lists ADD COLUMN public_name text NOT NULL DEFAULT '' CHECK (length(public_name) <= 100)`,
    );
  }
}
