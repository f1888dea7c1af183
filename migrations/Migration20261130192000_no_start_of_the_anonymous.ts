import { Migration } from '@mikro-orm/migrations';

/** The start of a walk says what chance drew for it: of an anonymous one by a person's own link it is forgotten. */
export class Migration20261130192000_no_start_of_the_anonymous extends Migration {
  override up(): void {
    // The owner of the tables is bound by their walls too, and brands cannot be listed from here.
    this.addSql(`ALTER TABLE sessions NO FORCE ROW LEVEL SECURITY`);
    this.addSql(
      `UPDATE sessions SET start_key = NULL WHERE is_anonymous AND single_link_id IS NOT NULL AND start_key IS NOT NULL`,
    );
    this.addSql(`ALTER TABLE sessions FORCE ROW LEVEL SECURITY`);
  }
}
