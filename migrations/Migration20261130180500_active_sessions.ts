import { Migration } from '@mikro-orm/migrations';

/** Who answers at the moment stands on every page of a survey, also of one with very many unfinished walks. */
export class Migration20261130180500_active_sessions extends Migration {
  override up(): void {
    this.addSql(
      `CREATE INDEX sessions_of_survey_active ON sessions (brand_id, survey_id, last_activity_at) WHERE state = 'open'`,
    );
  }
}
