import { Migration } from '@mikro-orm/migrations';

export class Migration20261123001012_contact_constraints extends Migration {
  override up(): void {
    // Row-level security pins `brand_id` of every row to the brand of its unit of work, and brands are never deleted; the
    // foreign key asked the same question again for each row and took an eighth of the time of an import.
    this.addSql('ALTER TABLE contacts DROP CONSTRAINT contacts_brand_id_fkey');
    // A file gets a proposed mapping as soon as it arrives.
    this.addSql('ALTER TABLE contact_imports ALTER COLUMN mapping SET NOT NULL');
  }
}
