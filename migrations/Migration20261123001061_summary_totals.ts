import { Migration } from '@mikro-orm/migrations';
import { wallAround } from './brand_tables.js';

/** All-time sums by channel, kept by the folder beside the hours: the page adds 5 rows up instead of 44,000. */
export class Migration20261123001061_summary_totals extends Migration {
  override up(): void {
    const statements = [
      `CREATE TABLE summary_totals (
         brand_id bigint NOT NULL, survey_id bigint NOT NULL, channel text NOT NULL,
         opened bigint NOT NULL, started bigint NOT NULL, finished bigint NOT NULL, partial bigint NOT NULL,
         PRIMARY KEY (brand_id, survey_id, channel),
         FOREIGN KEY (brand_id, survey_id) REFERENCES surveys)`,
      ...wallAround('summary_totals'),
    ];
    statements.forEach((statement) => this.addSql(statement));
  }
}
