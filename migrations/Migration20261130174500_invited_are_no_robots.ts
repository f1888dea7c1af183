import { Migration } from '@mikro-orm/migrations';

/**
 * Answers by links of known people that a filled trap field had marked as spam count like all others: the walk, the
 * response, the summary and the ledger, which then sends no more reminders. Open links keep their marks.
 */
export class Migration20261130174500_invited_are_no_robots extends Migration {
  override up(): void {
    // The owner of the tables is bound by their walls too, and brands cannot be listed from here.
    TABLES.forEach((table) => this.addSql(`ALTER TABLE ${table} NO FORCE ROW LEVEL SECURITY`));
    this.addSql(SET_RIGHT);
    TABLES.forEach((table) => this.addSql(`ALTER TABLE ${table} FORCE ROW LEVEL SECURITY`));
    // How many are marked stands on pages of surveys with millions of responses.
    this.addSql('CREATE INDEX responses_marked ON responses (brand_id, survey_id, id) WHERE status = 8');
  }
}

const TABLES = ['sessions', 'responses', 'summary_deltas', 'response_outbox'];

export const SET_RIGHT = `WITH walks AS (
    UPDATE sessions SET status = 0 WHERE status = 8 AND link_id IS NOT NULL RETURNING *
  ), answered AS (
    UPDATE responses r SET status = 0 FROM walks w WHERE r.brand_id = w.brand_id AND r.session_id = w.id
    RETURNING r.brand_id, r.id, r.session_id, r.survey_id, r.distribution_id, r.channel, r.source, r.finished, r.recorded_at
  ), deltas AS (
    INSERT INTO summary_deltas (brand_id, survey_id, distribution_id, hour, channel, source, started, finished, partial)
    SELECT brand_id, survey_id, distribution_id, date_trunc('hour', started_at, 'UTC'), channel, source, 1, 0, 0 FROM walks
    UNION ALL
    SELECT brand_id, survey_id, distribution_id, date_trunc('hour', recorded_at, 'UTC'), channel, source, 0,
      finished::int, (NOT finished)::int FROM answered
  )
  INSERT INTO response_outbox (brand_id, kind, link_id, response_id, at)
  SELECT brand_id, 'started', link_id, NULL, started_at FROM walks WHERE distribution_id IS NOT NULL
  UNION ALL
  SELECT w.brand_id, CASE WHEN a.finished THEN 'finished' ELSE 'partial' END, w.link_id, a.id, a.recorded_at
  FROM walks w JOIN answered a ON a.brand_id = w.brand_id AND a.session_id = w.id WHERE w.distribution_id IS NOT NULL`;
