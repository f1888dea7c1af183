import { Migration } from '@mikro-orm/migrations';
import { overTheWalls } from './brand_tables.js';
import { KEPT_ZONES, renamed } from './Migration20261201060000_zone_names.js';

/**
 * What four migrations meant to change and did not: they ran as the owner of the tables, whom the walls of the brands let
 * see no row. Only what was there before each of them, and that nobody changed since.
 */
export class Migration20261201110500_behind_the_walls extends Migration {
  override async up(): Promise<void> {
    // Lifted at once: what is added runs only after this method.
    for (const table of TABLES) {
      await this.execute(`ALTER TABLE ${table} NO FORCE ROW LEVEL SECURITY`);
    }
    const kept = await this.execute(KEPT_ZONES);
    for (const statement of overTheWalls(TABLES, [...renamed(kept.map((row) => String(row['zone']))), ...MEANT])) {
      this.addSql(statement);
    }
  }
}

const TABLES = ['brands', 'users', 'surveys', 'contacts', 'distributions', 'messages', 'distribution_tally_deltas'];

const ranAt = (name: string): string => `(SELECT max(executed_at) FROM migrations WHERE name = '${name}')`;
const BEFORE_FOLLOW_UPS = `< ${ranAt('Migration20261201060100_follow_ups_per_person')}`;

const MEANT = [
  // What servers refused has bounced.
  `UPDATE messages SET bounced_at = coalesce(final_at, wire_at, dated_at, accepted_at),
     bounce_type = CASE WHEN reason IN ('bad_address', 'mailbox_disabled', 'refused') THEN 'hard' ELSE 'soft' END
   WHERE state = 'failed' AND bounced_at IS NULL AND last_code BETWEEN 400 AND 599
     AND coalesce(final_at, wire_at, dated_at, accepted_at) IS NOT NULL`,
  // Follow-ups that were planned keep their plan, the others have that of their invitation.
  `UPDATE distributions f SET send_zone = i.send_zone, sending_window = i.sending_window, pace = i.pace,
     late_after_hours = i.late_after_hours, time_zone = i.time_zone
   FROM distributions i WHERE i.brand_id = f.brand_id AND i.id = f.parent_id AND f.planned_at IS NULL AND f.send_at IS NULL
     AND NOT f.own_plan AND f.modified_at ${BEFORE_FOLLOW_UPS}`,
  `UPDATE distributions SET own_plan = true
   WHERE parent_id IS NOT NULL AND (planned_at IS NOT NULL OR send_at IS NOT NULL) AND modified_at ${BEFORE_FOLLOW_UPS}`,
  // Whoever had another zone than that of new people had chosen it.
  `UPDATE users SET has_own_zone = true
   WHERE time_zone <> 'UTC' AND created_at < ${ranAt('Migration20261201060200_chosen_zones')}`,
];
