import { Migration } from '@mikro-orm/migrations';
import { wallAround } from './brand_tables.js';

/** How many calls programs make a minute, shared by the processes that count them. */
export class Migration20261130214000_api_rates extends Migration {
  override up(): void {
    this.addSql(
      `ALTER TABLE brands ADD COLUMN api_requests_per_minute int NOT NULL DEFAULT 3000 CHECK (api_requests_per_minute >= 1)`,
    );
    // Counts of the last minutes: after a crash they may begin anew.
    this.addSql(
      `CREATE UNLOGGED TABLE api_minutes (
         brand_id bigint NOT NULL REFERENCES brands ON DELETE CASCADE, minute bigint NOT NULL, key text NOT NULL,
         count int NOT NULL, PRIMARY KEY (brand_id, minute, key))`,
    );
    wallAround('api_minutes').forEach((statement) => this.addSql(statement));
  }
}
