import { Migration } from '@mikro-orm/migrations';

/** A distribution to a segment. The segment may be deleted; `list_name` keeps what it was called. */
export class Migration20261124000521_segment_audiences extends Migration {
  override up(): void {
    this.addSql('ALTER TABLE distributions ADD COLUMN segment_id bigint');
  }
}
