import { Migration } from '@mikro-orm/migrations';

/** Summaries count who was screened out and who met a full quota apart from who finished; a default writes no row anew. */
export class Migration20261201161000_sums_of_other_ends extends Migration {
  override up(): void {
    for (const [table, type] of [
      ['summary_deltas', 'int'],
      ['summary_rollups', 'int'],
      ['summary_totals', 'bigint'],
    ]) {
      const column = (name: string): string => `ADD COLUMN ${name} ${type} NOT NULL DEFAULT 0`;
      this.addSql(`ALTER TABLE ${table} ${column('screened_out')}, ${column('quota_full')}`);
    }
  }
}
