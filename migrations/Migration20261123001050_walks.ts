import { Migration } from '@mikro-orm/migrations';
import { finder } from './brand_tables.js';

/** What sessions need to start exactly once, to try a draft, and to be closed by a pause whatever happens to its event. */
export class Migration20261123001050_walks extends Migration {
  override up(): void {
    for (const statement of [...starts, ...previews, ...pauses, ...exports]) {
      this.addSql(statement);
    }
  }
}

const starts = [
  // Drawn with the first page and posted back: fifty copies of one first submit make one session.
  `ALTER TABLE sessions ADD COLUMN start_key uuid`,
  `CREATE UNIQUE INDEX sessions_started_once ON sessions (brand_id, start_key) WHERE start_key IS NOT NULL`,
];

const previews = [
  // A preview walks the draft, which is no version yet. Responses always have one.
  `ALTER TABLE sessions ALTER COLUMN version_id DROP NOT NULL`,
];

const pauses = [
  `CREATE INDEX surveys_closing_sessions ON surveys (brand_id, id) WHERE stage = 'paused' AND pause_choice <> 'finish'`,
  ...finder(
    'find_brands_with_paused_sessions()',
    'TABLE (brand_id bigint)',
    { surveys: 'brand_id, id, stage, pause_choice', sessions: 'brand_id, id, survey_id, state, status, expires_at' },
    `SELECT DISTINCT v.brand_id FROM surveys v
     WHERE v.stage = 'paused' AND v.pause_choice <> 'finish' AND EXISTS (
       SELECT FROM sessions s WHERE s.brand_id = v.brand_id AND s.survey_id = v.id AND s.state = 'open' AND s.status <> 1)`,
  ),
];

const exports = [
  `CREATE INDEX response_exports_open ON response_exports (status) WHERE status IN ('queued', 'running')`,
  `CREATE INDEX response_exports_of_survey ON response_exports (brand_id, survey_id, id)`,
];
