import { Migration } from '@mikro-orm/migrations';

/**
 * All members that an import adds point at one list, and the foreign key asked for that one row once per member: an
 * eighth of the time of an import. Who adds members locks the list's row instead (they change its count anyway), and
 * who deletes a list locks it against them and deletes the members first.
 */
export class Migration20261123001013_list_members extends Migration {
  override up(): void {
    this.addSql('ALTER TABLE contact_list_members DROP CONSTRAINT contact_list_members_brand_id_list_id_fkey');
  }
}
