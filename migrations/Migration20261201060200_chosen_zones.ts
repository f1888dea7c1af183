import { Migration } from '@mikro-orm/migrations';

/** Whether somebody has a zone that they chose, or that their computer told: until then the first page asks the browser. */
export class Migration20261201060200_chosen_zones extends Migration {
  override up(): void {
    this.addSql(`ALTER TABLE users ADD COLUMN has_own_zone boolean NOT NULL DEFAULT false`);
    this.addSql(`UPDATE users SET has_own_zone = true WHERE time_zone <> 'UTC'`);
  }
}
