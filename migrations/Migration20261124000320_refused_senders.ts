import { Migration } from '@mikro-orm/migrations';

/** A server that refuses the sender pauses a distribution; it ended it for good before. */
export class Migration20261124000320_refused_senders extends Migration {
  override up(): void {
    this.addSql(
      `ALTER TABLE distributions DROP CONSTRAINT distributions_pause_reason_check,
         ADD CONSTRAINT distributions_pause_reason_check CHECK (pause_reason IN ('bounces', 'complaints', 'sender'))`,
    );
  }
}
