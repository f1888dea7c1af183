import { Migration } from '@mikro-orm/migrations';

/** The summary's "last response" of a channel: one index step instead of a walk back through all responses. */
export class Migration20261123001060_last_responses extends Migration {
  override up(): void {
    this.addSql(
      `CREATE INDEX responses_by_channel ON responses (brand_id, survey_id, channel, id DESC) WHERE status = 0`,
    );
  }
}
