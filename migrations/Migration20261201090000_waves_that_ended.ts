import { Migration } from '@mikro-orm/migrations';

/** When waves ended because enough people had finished, and how many got no mail for that. */
export class Migration20261201090000_waves_that_ended extends Migration {
  override up(): void {
    this.addSql(`ALTER TABLE distributions
      ADD COLUMN waves_ended_at timestamptz,
      ADD COLUMN waves_unsent int NOT NULL DEFAULT 0`);
    // The owner of the tables is bound by their walls too, and brands cannot be listed from here.
    this.addSql(`ALTER TABLE distributions NO FORCE ROW LEVEL SECURITY`);
    this.addSql(`ALTER TABLE messages NO FORCE ROW LEVEL SECURITY`);
    this.addSql(`UPDATE distributions d SET waves_ended_at = ended.at, waves_unsent = ended.n FROM (
      SELECT m.brand_id, m.distribution_id, min(m.final_at) AS at, count(*)::int AS n FROM messages m
      JOIN distributions o ON o.brand_id = m.brand_id AND o.id = m.distribution_id AND o.waves IS NOT NULL
      WHERE m.state = 'cancelled' AND m.reason = 'enough_finished' GROUP BY 1, 2) ended
      WHERE d.brand_id = ended.brand_id AND d.id = ended.distribution_id`);
    this.addSql(`ALTER TABLE messages FORCE ROW LEVEL SECURITY`);
    this.addSql(`ALTER TABLE distributions FORCE ROW LEVEL SECURITY`);
  }
}
