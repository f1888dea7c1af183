import { Migration } from '@mikro-orm/migrations';
import { finder, wallAround } from './brand_tables.js';

/** Divisions with a weekly limit of their own; when planning begins; what is due by the clock. */
export class Migration20261124000410_sending_times extends Migration {
  override up(): void {
    for (const statement of [...divisions, ...distributions]) {
      this.addSql(statement);
    }
  }
}

const divisions = [
  `CREATE TABLE divisions (
     brand_id bigint NOT NULL REFERENCES brands, id bigint GENERATED ALWAYS AS IDENTITY,
     name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
     -- Null: none of its own.
     weekly_email_limit int CHECK (weekly_email_limit >= 0),
     created_at timestamptz NOT NULL,
     PRIMARY KEY (brand_id, id))`,
  `CREATE UNIQUE INDEX divisions_name ON divisions (brand_id, lower(name))`,
  ...wallAround('divisions'),
  `ALTER TABLE users ADD COLUMN division_id bigint,
     ADD FOREIGN KEY (brand_id, division_id) REFERENCES divisions ON DELETE SET NULL (division_id)`,
  `CREATE INDEX users_of_division ON users (brand_id, division_id) WHERE division_id IS NOT NULL`,
  `ALTER TABLE send_scopes DROP CONSTRAINT send_scopes_scope_check,
     ADD CONSTRAINT send_scopes_scope_check CHECK (scope IN ('brand', 'division', 'user'))`,
];

const distributions = [
  `ALTER TABLE distributions
     -- For recipients' local times: when it is that time at the eastern end of the world.
     ADD COLUMN plan_at timestamptz,
     -- Time zones of the recipients, where they count.
     ADD COLUMN zones jsonb NOT NULL DEFAULT '[]',
     -- Whose limit paid as well; people move.
     ADD COLUMN division_id bigint`,
  `DROP INDEX distributions_due`,
  `CREATE INDEX distributions_due ON distributions (coalesce(plan_at, send_at)) WHERE status IN ('scheduled', 'planning')`,
  `DROP FUNCTION find_due_distributions(timestamptz)`,
  ...finder(
    'find_due_distributions(now timestamptz)',
    'TABLE (brand_id bigint, distribution_id bigint)',
    { distributions: 'brand_id, id, status, send_at, plan_at, retry_at, next_wave_at' },
    `SELECT brand_id, id FROM distributions WHERE status IN ('scheduled', 'planning') AND coalesce(plan_at, send_at) <= now
     UNION ALL SELECT brand_id, id FROM distributions WHERE status = 'held' AND retry_at <= now
     UNION ALL SELECT brand_id, id FROM distributions WHERE status = 'sending' AND next_wave_at <= now LIMIT 500`,
  ),
];
