import { Migration } from '@mikro-orm/migrations';

/** Who would get a draft, by language, and what of theirs is missing in it. */
export class Migration20261201070000_outlook_readers extends Migration {
  override up(): void {
    this.addSql(`ALTER TABLE distribution_outlooks ADD COLUMN readers jsonb NOT NULL DEFAULT '[]'`);
  }
}
