import { Migration } from '@mikro-orm/migrations';

/** Lets the product count contacts anew in the middle of an import: only the owner of a table may analyze it. */
export class Migration20261201160200_analyze_contacts extends Migration {
  override up(): void {
    this.addSql(`CREATE FUNCTION analyze_contacts() RETURNS void LANGUAGE plpgsql SECURITY DEFINER
     SET search_path = public, pg_temp AS $$ BEGIN ANALYZE contacts (brand_id, id); END $$`);
    this.addSql('REVOKE ALL ON FUNCTION analyze_contacts() FROM PUBLIC');
    this.addSql('GRANT EXECUTE ON FUNCTION analyze_contacts() TO canvass_app');
  }
}
