import { Migration } from '@mikro-orm/migrations';

/** What servers refused before has bounced, as what they refuse from now on: counters, rows and files say the same. */
export class Migration20261201040500_refused_is_bounced extends Migration {
  override up(): void {
    this.addSql(`UPDATE messages SET bounced_at = coalesce(final_at, wire_at, dated_at, accepted_at),
        bounce_type = CASE WHEN reason IN ('bad_address', 'mailbox_disabled', 'refused') THEN 'hard' ELSE 'soft' END
      WHERE state = 'failed' AND bounced_at IS NULL AND last_code BETWEEN 400 AND 599
        AND coalesce(final_at, wire_at, dated_at, accepted_at) IS NOT NULL`);
  }
}
