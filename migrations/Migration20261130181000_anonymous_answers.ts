import { Migration } from '@mikro-orm/migrations';
import { finder, wallAround } from './brand_tables.js';

/**
 * Anonymous answers: held apart, sealed, until a transaction of their own records them. What was stored before by surveys
 * that are anonymous is taken apart as far as it goes: responses get numbers by chance and lose their session, their
 * minutes and what came of a contact; walks that are over lose their answers; the ledger forgets numbers and hours.
 */
export class Migration20261130181000_anonymous_answers extends Migration {
  override up(): void {
    [...schema, ...finders].forEach((statement) => this.addSql(statement));
    // The owner of the tables is bound by their walls too, and brands cannot be listed from here.
    TABLES.forEach((table) => this.addSql(`ALTER TABLE ${table} NO FORCE ROW LEVEL SECURITY`));
    TAKE_APART.forEach((statement) => this.addSql(statement));
    TABLES.forEach((table) => this.addSql(`ALTER TABLE ${table} FORCE ROW LEVEL SECURITY`));
  }
}

const schema = [
  `CREATE TABLE held_answers (
     brand_id bigint NOT NULL REFERENCES brands, id uuid NOT NULL, due_at timestamptz NOT NULL, sealed bytea NOT NULL,
     PRIMARY KEY (brand_id, id))`,
  `CREATE INDEX held_answers_due ON held_answers (due_at)`,
  ...wallAround('held_answers'),
  `ALTER TABLE sessions ADD COLUMN is_anonymous boolean NOT NULL DEFAULT false`,
  // Until then the sealed walk of an ended session draws its end page once more.
  `CREATE INDEX sessions_to_forget ON sessions (expires_at) WHERE is_anonymous AND state <> 'open' AND expires_at IS NOT NULL`,
  `CREATE INDEX sessions_finished_anonymously ON sessions (brand_id, contact_id, survey_id) WHERE is_anonymous AND state = 'finished'`,
  // An anonymous response knows no session and no duration.
  `ALTER TABLE responses ALTER COLUMN session_id DROP NOT NULL, ALTER COLUMN duration_seconds DROP NOT NULL`,
  `CREATE INDEX responses_by_channel_and_time ON responses (brand_id, survey_id, channel, recorded_at DESC) WHERE status = 0`,
  `DROP INDEX responses_by_channel`,
];

const finders = finder(
  'find_brands_with_anonymous_walks(now timestamptz)',
  'TABLE (brand_id bigint)',
  { held_answers: 'brand_id, due_at', sessions: 'brand_id, id, survey_id, state, status, expires_at, is_anonymous' },
  `SELECT brand_id FROM held_answers WHERE due_at <= now
   UNION SELECT brand_id FROM sessions WHERE is_anonymous AND state <> 'open' AND expires_at <= now`,
);

const TABLES = [
  'surveys',
  'links',
  'contacts',
  'contact_list_members',
  'sessions',
  'responses',
  'messages',
  'response_outbox',
  'response_exports',
];

const OF_ANONYMOUS = `v.options ->> 'anonymize' = 'true'`;
const BY_CHANCE = `('x' || substr(md5(gen_random_uuid()::text), 1, 15))::bit(60)::bigint + (1::bigint << 61)`;
const HOUR = (at: string): string => `date_trunc('hour', ${at}, 'UTC')`;
const DAY = (at: string): string => `date_trunc('day', ${at}, 'UTC')`;

const ABOUT = `channel, source, status, finished, ending, progress`;

export const TAKE_APART = [
  // Of embedded data what says the same as something that is known of the contact is left out.
  `WITH known AS (
     SELECT r.brand_id, r.id, array(SELECT value FROM jsonb_each_text(coalesce(c.embedded, '{}') || jsonb_build_object(
         '-1', c.first_name, '-2', c.last_name, '-3', c.email, '-4', c.phone, '-5', c.ext_ref)) WHERE value <> '')
       || array(SELECT value FROM jsonb_each_text(coalesce(m.embedded, '{}')))
       || array(SELECT value FROM jsonb_each_text(coalesce(l.embedded, '{}'))) AS facts
     FROM responses r JOIN surveys v ON v.brand_id = r.brand_id AND v.id = r.survey_id AND ${OF_ANONYMOUS}
     JOIN sessions s ON s.brand_id = r.brand_id AND s.id = r.session_id
     LEFT JOIN links l ON l.brand_id = s.brand_id AND l.id = s.link_id
     LEFT JOIN contacts c ON c.brand_id = s.brand_id AND c.id = s.contact_id
     LEFT JOIN contact_list_members m ON m.brand_id = l.brand_id AND m.list_id = l.list_id AND m.contact_id = l.contact_id
   ), gone AS (
     DELETE FROM responses r USING known k WHERE r.brand_id = k.brand_id AND r.id = k.id
     RETURNING r.*, (SELECT coalesce(jsonb_object_agg(key, value), '{}') FROM jsonb_each_text(r.embedded) WHERE value <> ALL (k.facts)) AS left_over
   )
   INSERT INTO responses (brand_id, id, survey_id, version_id, ${ABOUT}, language, started_at, ended_at, recorded_at, answers, embedded)
   OVERRIDING SYSTEM VALUE
   SELECT brand_id, fresh, survey_id, version_id, ${ABOUT}, '', ${HOUR('ended_at')}, ${HOUR('ended_at')}, ${HOUR('recorded_at')}, answers, left_over
   FROM (SELECT *, ${BY_CHANCE} AS fresh FROM gone) apart ORDER BY fresh`,
  `UPDATE sessions s SET is_anonymous = true, walk = CASE WHEN s.state = 'open' THEN s.walk ELSE '{}' END,
     language = CASE WHEN s.state = 'open' THEN s.language ELSE '' END, device = CASE WHEN s.state = 'open' THEN s.device ELSE '' END,
     progress = CASE WHEN s.state = 'open' THEN s.progress ELSE 0 END, expires_at = CASE WHEN s.state = 'open' THEN s.expires_at END,
     started_at = CASE WHEN s.state = 'open' THEN s.started_at ELSE ${DAY('s.started_at')} END,
     last_activity_at = CASE WHEN s.state = 'open' THEN s.last_activity_at ELSE ${DAY('s.last_activity_at')} END,
     closed_at = ${DAY('s.closed_at')}
   FROM surveys v WHERE v.brand_id = s.brand_id AND v.id = s.survey_id AND ${OF_ANONYMOUS} AND s.status <> 1`,
  `UPDATE messages m SET response_id = NULL, started_at = ${DAY('m.started_at')}, partial_at = ${DAY('m.partial_at')},
     finished_at = ${DAY('m.finished_at')}
   FROM surveys v WHERE v.brand_id = m.brand_id AND v.id = m.survey_id AND ${OF_ANONYMOUS} AND m.started_at IS NOT NULL`,
  `UPDATE response_outbox o SET response_id = NULL, at = ${DAY('o.at')} FROM links l
   JOIN surveys v ON v.brand_id = l.brand_id AND v.id = l.survey_id AND ${OF_ANONYMOUS} WHERE o.brand_id = l.brand_id AND o.link_id = l.id`,
  // Files of before hold numbers and minutes: nobody fetches them any more, and the next export clears them away.
  `UPDATE response_exports e SET status = 'failed', created_at = e.created_at - interval '8 days',
     error = 'This survey is anonymous, and the file was written before that was kept. Export again.'
   FROM surveys v WHERE v.brand_id = e.brand_id AND v.id = e.survey_id AND ${OF_ANONYMOUS}`,
];
