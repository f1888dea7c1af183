import { Migration } from '@mikro-orm/migrations';

/** Links of a contact's own that take many answers, too: what chance drew for an anonymous walk that is over is forgotten. */
export class Migration20261130193000_no_start_of_many_answers extends Migration {
  override up(): void {
    // The owner of the tables is bound by their walls too, and brands cannot be listed from here.
    this.addSql(`ALTER TABLE sessions NO FORCE ROW LEVEL SECURITY`);
    this.addSql(
      `UPDATE sessions SET start_key = NULL
       WHERE is_anonymous AND state <> 'open' AND expires_at IS NULL AND contact_id IS NOT NULL AND start_key IS NOT NULL`,
    );
    this.addSql(`ALTER TABLE sessions FORCE ROW LEVEL SECURITY`);
  }
}
