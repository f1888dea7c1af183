import { Migration } from '@mikro-orm/migrations';

/** Drafts that are kept while they are written: what was typed as it stands in the form, and which form wrote last. */
export class Migration20261201150000_typed_drafts extends Migration {
  override up(): void {
    this.addSql(
      `ALTER TABLE distributions ADD COLUMN typed jsonb, ADD COLUMN revision int NOT NULL DEFAULT 0,
         ADD COLUMN revised_by text NOT NULL DEFAULT ''`,
    );
    this.addSql(`CREATE INDEX distributions_revised_by ON distributions (brand_id, revised_by) WHERE revised_by <> ''`);
  }
}
