import { Migration } from '@mikro-orm/migrations';
import { wallAround } from './brand_tables.js';

/** What sending a draft to a long list would do, counted in the background for the page before sending. */
export class Migration20261124000420_outlooks extends Migration {
  override up(): void {
    const table = `CREATE TABLE distribution_outlooks (
       brand_id bigint NOT NULL, distribution_id bigint NOT NULL,
       -- Of which version of the draft, and when.
       revision timestamptz NOT NULL, counted_at timestamptz NOT NULL,
       audience int NOT NULL, mails int NOT NULL, skipped jsonb NOT NULL,
       PRIMARY KEY (brand_id, distribution_id),
       FOREIGN KEY (brand_id, distribution_id) REFERENCES distributions ON DELETE CASCADE)`;
    for (const statement of [table, ...wallAround('distribution_outlooks')]) {
      this.addSql(statement);
    }
  }
}
