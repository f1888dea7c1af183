import { Migration } from '@mikro-orm/migrations';
import { finder, wallAround } from './brand_tables.js';

/** Distributions, links, the ledger, sessions, responses, limits and roll-ups. */
export class Migration20261123000200_links_and_responses extends Migration {
  override up(): void {
    for (const statement of [...distributions, ...links, ...ledger, ...limits, ...responses, ...rollups, ...finders]) {
      this.addSql(statement);
    }
  }
}

const distributions = [
  `CREATE TABLE distributions (
     brand_id bigint NOT NULL REFERENCES brands, id bigint GENERATED ALWAYS AS IDENTITY,
     survey_id bigint NOT NULL, owner_id bigint NOT NULL, parent_id bigint,
     channel text NOT NULL CHECK (channel IN ('email', 'gl')),
     request_type text NOT NULL CHECK (request_type IN ('Invite', 'GeneratedInvite')),
     name text NOT NULL DEFAULT '',
     list_id bigint, contact_id bigint, list_name text NOT NULL DEFAULT '',
     link_type text NOT NULL CHECK (link_type IN ('Individual', 'Multiple', 'Anonymous')),
     link_expires_at timestamptz,
     from_name text NOT NULL DEFAULT '', from_email text NOT NULL DEFAULT '', reply_to text NOT NULL DEFAULT '',
     subject text NOT NULL DEFAULT '', body_html text NOT NULL DEFAULT '', body_text text NOT NULL DEFAULT '',
     embedded jsonb NOT NULL DEFAULT '{}',
     status text NOT NULL CHECK (status IN ('draft', 'scheduled', 'planning', 'sending', 'done', 'held', 'paused', 'cancelled', 'failed', 'generated')),
     -- What a held distribution goes back to, why it is held, and when to look again.
     held_from text, held_reason text, retry_at timestamptz,
     error_code text, error_text text,
     -- Demo mails never leave the machine, whatever relay is configured.
     mailbox_only boolean NOT NULL DEFAULT false,
     send_at timestamptz, time_zone text NOT NULL DEFAULT 'UTC',
     audience_size int, created_at timestamptz NOT NULL, modified_at timestamptz NOT NULL,
     planned_at timestamptz, sent_at timestamptz, finished_at timestamptz, deleted_at timestamptz,
     PRIMARY KEY (brand_id, id),
     FOREIGN KEY (brand_id, survey_id) REFERENCES surveys,
     FOREIGN KEY (brand_id, owner_id) REFERENCES users,
     FOREIGN KEY (brand_id, parent_id) REFERENCES distributions)`,
  `CREATE INDEX distributions_of_survey ON distributions (brand_id, survey_id, id DESC)`,
  `CREATE INDEX distributions_due ON distributions (send_at) WHERE status IN ('scheduled', 'planning')`,
  `CREATE INDEX distributions_held ON distributions (retry_at) WHERE status = 'held'`,
  ...wallAround('distributions'),
];

const links = [
  `CREATE TABLE links (
     brand_id bigint NOT NULL, id bigint GENERATED ALWAYS AS IDENTITY, survey_id bigint NOT NULL,
     kind text NOT NULL CHECK (kind IN ('individual', 'multiple')),
     channel text NOT NULL, distribution_id bigint, contact_id bigint, list_id bigint,
     embedded jsonb NOT NULL DEFAULT '{}',
     expires_at timestamptz, revoked_at timestamptz, created_at timestamptz NOT NULL,
     PRIMARY KEY (brand_id, id),
     FOREIGN KEY (brand_id, survey_id) REFERENCES surveys,
     FOREIGN KEY (brand_id, distribution_id) REFERENCES distributions,
     FOREIGN KEY (brand_id, contact_id) REFERENCES contacts ON DELETE SET NULL (contact_id))`,
  // Planning can be run again: one link per contact and distribution.
  `CREATE UNIQUE INDEX links_once ON links (brand_id, distribution_id, contact_id) WHERE distribution_id IS NOT NULL`,
  `CREATE UNIQUE INDEX links_by_id ON links (id)`,
  ...wallAround('links'),
];

const ledger = [
  `CREATE TABLE messages (
     brand_id bigint NOT NULL, id bigint GENERATED ALWAYS AS IDENTITY,
     distribution_id bigint NOT NULL, survey_id bigint NOT NULL, contact_id bigint, link_id bigint,
     recipient jsonb NOT NULL, address text NOT NULL, domain text NOT NULL DEFAULT '',
     state text NOT NULL CHECK (state IN ('planned', 'queued', 'leased', 'wire', 'accepted', 'failed', 'uncertain', 'skipped', 'cancelled')),
     reason text, run_at timestamptz, attempts int NOT NULL DEFAULT 0,
     lease_token uuid, lease_until timestamptz, wire_at timestamptz,
     -- Fixed at planning, so that every attempt is the same mail.
     message_id_header text NOT NULL DEFAULT '', dated_at timestamptz,
     -- Set while an uncertain mail waits to be sent once more; resends says whether that was done.
     resend_at timestamptz, resends int NOT NULL DEFAULT 0,
     last_code int, last_text text, accepted_at timestamptz, final_at timestamptz,
     bounce_type text, bounced_at timestamptz, complained_at timestamptz, opened_at timestamptz,
     started_at timestamptz, partial_at timestamptz, finished_at timestamptz, opted_out_at timestamptz, response_id bigint,
     PRIMARY KEY (brand_id, id),
     FOREIGN KEY (brand_id, distribution_id) REFERENCES distributions ON DELETE CASCADE,
     FOREIGN KEY (brand_id, link_id) REFERENCES links,
     FOREIGN KEY (brand_id, contact_id) REFERENCES contacts ON DELETE SET NULL (contact_id))
   WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_cost_delay = 0, autovacuum_analyze_scale_factor = 0.02)`,
  `CREATE UNIQUE INDEX messages_once ON messages (brand_id, distribution_id, contact_id)`,
  `CREATE UNIQUE INDEX messages_by_id ON messages (id)`,
  `CREATE INDEX messages_due ON messages (brand_id, distribution_id, run_at, id) WHERE state = 'queued'`,
  `CREATE INDEX messages_leased ON messages (lease_until) WHERE state IN ('leased', 'wire')`,
  `CREATE INDEX messages_resend ON messages (resend_at) WHERE state = 'uncertain' AND resend_at IS NOT NULL`,
  `CREATE INDEX messages_link ON messages (brand_id, link_id) WHERE link_id IS NOT NULL`,
  ...wallAround('messages'),
  `CREATE TABLE message_attempts (
     brand_id bigint NOT NULL, id bigint GENERATED ALWAYS AS IDENTITY, message_id bigint NOT NULL, number int NOT NULL,
     started_at timestamptz NOT NULL, ended_at timestamptz, phase text NOT NULL,
     outcome text NOT NULL CHECK (outcome IN ('wire', 'accepted', 'deferred', 'refused', 'not_sent', 'uncertain', 'skipped')),
     host text, code int, enhanced text, reply text, queue_id text,
     PRIMARY KEY (brand_id, id),
     FOREIGN KEY (brand_id, message_id) REFERENCES messages ON DELETE CASCADE)`,
  `CREATE INDEX message_attempts_message ON message_attempts (brand_id, message_id)`,
  ...wallAround('message_attempts'),
  `CREATE TABLE message_events (
     brand_id bigint NOT NULL, id bigint GENERATED ALWAYS AS IDENTITY, message_id bigint NOT NULL,
     kind text NOT NULL, source text NOT NULL, source_key text NOT NULL, at timestamptz NOT NULL, content jsonb NOT NULL DEFAULT '{}',
     PRIMARY KEY (brand_id, id), UNIQUE (brand_id, source, source_key),
     FOREIGN KEY (brand_id, message_id) REFERENCES messages ON DELETE CASCADE)`,
  ...wallAround('message_events'),
  // Counters of a distribution: every statement that changes messages appends its differences in the same transaction
  // (trigger below); a folder sums them up. The counters therefore always equal the ledger, and no row is hot.
  `CREATE TABLE distribution_tallies (
     brand_id bigint NOT NULL, distribution_id bigint NOT NULL, name text NOT NULL, n bigint NOT NULL,
     PRIMARY KEY (brand_id, distribution_id, name),
     FOREIGN KEY (brand_id, distribution_id) REFERENCES distributions ON DELETE CASCADE)`,
  ...wallAround('distribution_tallies'),
  `CREATE TABLE distribution_tally_deltas (
     brand_id bigint NOT NULL, id bigint GENERATED ALWAYS AS IDENTITY, distribution_id bigint NOT NULL, name text NOT NULL, n bigint NOT NULL,
     PRIMARY KEY (brand_id, distribution_id, id))`,
  ...wallAround('distribution_tally_deltas'),
  `CREATE FUNCTION tally_messages() RETURNS trigger LANGUAGE plpgsql AS $$
   BEGIN
     IF TG_OP = 'INSERT' THEN
       INSERT INTO distribution_tally_deltas (brand_id, distribution_id, name, n)
       SELECT brand_id, distribution_id, state, count(*) FROM new_rows GROUP BY 1, 2, 3;
     ELSE
       INSERT INTO distribution_tally_deltas (brand_id, distribution_id, name, n)
       SELECT brand_id, distribution_id, name, sum(n) FROM (
         SELECT n.brand_id, n.distribution_id, v.name, v.n
         FROM new_rows n JOIN old_rows o USING (brand_id, id)
         CROSS JOIN LATERAL (VALUES
           (n.state, 1), (o.state, -1),
           ('bounced', (n.bounced_at IS NOT NULL)::int - (o.bounced_at IS NOT NULL)::int),
           ('complained', (n.complained_at IS NOT NULL)::int - (o.complained_at IS NOT NULL)::int),
           ('opened', (n.opened_at IS NOT NULL)::int - (o.opened_at IS NOT NULL)::int),
           ('started', (n.started_at IS NOT NULL)::int - (o.started_at IS NOT NULL)::int),
           ('partial', (n.partial_at IS NOT NULL)::int - (o.partial_at IS NOT NULL)::int),
           ('finished', (n.finished_at IS NOT NULL)::int - (o.finished_at IS NOT NULL)::int),
           ('opted_out', (n.opted_out_at IS NOT NULL)::int - (o.opted_out_at IS NOT NULL)::int)) AS v (name, n)
       ) d GROUP BY 1, 2, 3 HAVING sum(n) <> 0;
     END IF;
     RETURN NULL;
   END $$`,
  `CREATE TRIGGER tally_inserted AFTER INSERT ON messages REFERENCING NEW TABLE AS new_rows
     FOR EACH STATEMENT EXECUTE FUNCTION tally_messages()`,
  `CREATE TRIGGER tally_updated AFTER UPDATE ON messages REFERENCING NEW TABLE AS new_rows OLD TABLE AS old_rows
     FOR EACH STATEMENT EXECUTE FUNCTION tally_messages()`,
];

const limits = [
  `CREATE TABLE send_scopes (
     brand_id bigint NOT NULL REFERENCES brands, scope text NOT NULL CHECK (scope IN ('brand', 'user')), scope_id bigint NOT NULL,
     PRIMARY KEY (brand_id, scope, scope_id))`,
  ...wallAround('send_scopes'),
  `CREATE TABLE send_buckets (
     brand_id bigint NOT NULL, scope text NOT NULL, scope_id bigint NOT NULL, hour timestamptz NOT NULL, reserved int NOT NULL,
     PRIMARY KEY (brand_id, scope, scope_id, hour),
     FOREIGN KEY (brand_id, scope, scope_id) REFERENCES send_scopes ON DELETE CASCADE)`,
  ...wallAround('send_buckets'),
];

const responses = [
  // A session is one walk; a response is what it leaves. Both know their channel so that the summary needs no join.
  `CREATE TABLE sessions (
     brand_id bigint NOT NULL, id bigint GENERATED ALWAYS AS IDENTITY,
     survey_id bigint NOT NULL, version_id bigint NOT NULL, link_id bigint, contact_id bigint, distribution_id bigint,
     -- Only individual links carry it: the unique index below lets each be walked once.
     single_link_id bigint,
     channel text NOT NULL, source text NOT NULL DEFAULT '', status smallint NOT NULL DEFAULT 0,
     state text NOT NULL CHECK (state IN ('open', 'finished', 'partial', 'discarded')),
     walk jsonb NOT NULL, progress smallint NOT NULL DEFAULT 0, language text NOT NULL DEFAULT 'en', device text NOT NULL DEFAULT '',
     started_at timestamptz NOT NULL, last_activity_at timestamptz NOT NULL, closed_at timestamptz, expires_at timestamptz,
     PRIMARY KEY (brand_id, id),
     FOREIGN KEY (brand_id, survey_id) REFERENCES surveys,
     FOREIGN KEY (brand_id, version_id) REFERENCES survey_versions,
     FOREIGN KEY (brand_id, link_id) REFERENCES links,
     FOREIGN KEY (brand_id, contact_id) REFERENCES contacts ON DELETE SET NULL (contact_id))
   WITH (fillfactor = 80)`,
  `CREATE UNIQUE INDEX sessions_one_per_link ON sessions (brand_id, single_link_id) WHERE single_link_id IS NOT NULL`,
  `CREATE UNIQUE INDEX sessions_by_id ON sessions (id)`,
  `CREATE INDEX sessions_open ON sessions (expires_at) WHERE state = 'open'`,
  `CREATE INDEX sessions_of_survey_open ON sessions (brand_id, survey_id, id) WHERE state = 'open'`,
  ...wallAround('sessions'),
  `CREATE TABLE responses (
     brand_id bigint NOT NULL, id bigint GENERATED ALWAYS AS IDENTITY, session_id bigint NOT NULL,
     survey_id bigint NOT NULL, version_id bigint NOT NULL, link_id bigint, contact_id bigint, distribution_id bigint,
     channel text NOT NULL, source text NOT NULL DEFAULT '', status smallint NOT NULL DEFAULT 0,
     finished boolean NOT NULL, ending text NOT NULL DEFAULT '', progress smallint NOT NULL, language text NOT NULL, device text NOT NULL DEFAULT '',
     started_at timestamptz NOT NULL, ended_at timestamptz NOT NULL, recorded_at timestamptz NOT NULL, duration_seconds int NOT NULL,
     answers jsonb NOT NULL, embedded jsonb NOT NULL DEFAULT '{}', person jsonb NOT NULL DEFAULT '{}',
     PRIMARY KEY (brand_id, id), UNIQUE (brand_id, session_id),
     FOREIGN KEY (brand_id, session_id) REFERENCES sessions,
     FOREIGN KEY (brand_id, survey_id) REFERENCES surveys,
     FOREIGN KEY (brand_id, version_id) REFERENCES survey_versions)`,
  `CREATE INDEX responses_of_survey ON responses (brand_id, survey_id, id)`,
  ...wallAround('responses'),
  // What happened to a walk, for the ledger: written with the walk's own transaction, folded by distributions.
  `CREATE TABLE response_outbox (
     brand_id bigint NOT NULL, id bigint GENERATED ALWAYS AS IDENTITY,
     kind text NOT NULL CHECK (kind IN ('started', 'partial', 'finished', 'opened')),
     link_id bigint NOT NULL, response_id bigint, at timestamptz NOT NULL,
     PRIMARY KEY (brand_id, id))`,
  ...wallAround('response_outbox'),
  `CREATE TABLE response_exports (
     brand_id bigint NOT NULL REFERENCES brands, id bigint GENERATED ALWAYS AS IDENTITY,
     survey_id bigint NOT NULL, owner_id bigint NOT NULL, settings jsonb NOT NULL,
     status text NOT NULL CHECK (status IN ('queued', 'running', 'complete', 'failed')), rows_done int NOT NULL DEFAULT 0, rows_total int NOT NULL DEFAULT 0,
     file_path text, error text, heartbeat_at timestamptz, created_at timestamptz NOT NULL, finished_at timestamptz,
     PRIMARY KEY (brand_id, id),
     FOREIGN KEY (brand_id, survey_id) REFERENCES surveys)`,
  ...wallAround('response_exports'),
];

const rollups = [
  `CREATE TABLE summary_deltas (
     brand_id bigint NOT NULL, id bigint GENERATED ALWAYS AS IDENTITY, survey_id bigint NOT NULL, distribution_id bigint,
     hour timestamptz NOT NULL, channel text NOT NULL, source text NOT NULL DEFAULT '',
     opened int NOT NULL DEFAULT 0, started int NOT NULL DEFAULT 0, finished int NOT NULL DEFAULT 0, partial int NOT NULL DEFAULT 0,
     PRIMARY KEY (brand_id, survey_id, id))`,
  ...wallAround('summary_deltas'),
  `CREATE TABLE summary_rollups (
     brand_id bigint NOT NULL, survey_id bigint NOT NULL, hour timestamptz NOT NULL, channel text NOT NULL, source text NOT NULL DEFAULT '',
     opened int NOT NULL, started int NOT NULL, finished int NOT NULL, partial int NOT NULL,
     PRIMARY KEY (brand_id, survey_id, hour, channel, source),
     FOREIGN KEY (brand_id, survey_id) REFERENCES surveys)`,
  ...wallAround('summary_rollups'),
  `CREATE TABLE mailbox_mails (
     brand_id bigint NOT NULL REFERENCES brands, id bigint GENERATED ALWAYS AS IDENTITY, received_at timestamptz NOT NULL,
     mail_from text NOT NULL, rcpt_to text NOT NULL, subject text NOT NULL DEFAULT '', raw bytea NOT NULL,
     PRIMARY KEY (brand_id, id))`,
  ...wallAround('mailbox_mails'),
];

const finders = [
  ...finder(
    'find_link(wanted bigint)',
    'TABLE (brand_id bigint, link_id bigint)',
    { links: 'brand_id, id' },
    'SELECT brand_id, id FROM links WHERE id = wanted',
  ),
  ...finder(
    'find_message(wanted bigint)',
    'TABLE (brand_id bigint, message_id bigint)',
    { messages: 'brand_id, id, distribution_id, state, run_at, lease_until, resend_at' },
    'SELECT brand_id, id FROM messages WHERE id = wanted',
  ),
  ...finder(
    'find_session(wanted bigint)',
    'TABLE (brand_id bigint, session_id bigint)',
    { sessions: 'brand_id, id, state, expires_at' },
    'SELECT brand_id, id FROM sessions WHERE id = wanted',
  ),
  ...finder(
    'find_due_distributions(now timestamptz)',
    'TABLE (brand_id bigint, distribution_id bigint)',
    { distributions: 'brand_id, id, status, send_at, retry_at' },
    `SELECT brand_id, id FROM distributions WHERE status IN ('scheduled', 'planning') AND send_at <= now
     UNION ALL SELECT brand_id, id FROM distributions WHERE status = 'held' AND retry_at <= now LIMIT 500`,
  ),
  ...finder(
    'find_sending_distributions()',
    'TABLE (brand_id bigint, distribution_id bigint)',
    {},
    `SELECT brand_id, id FROM distributions WHERE status = 'sending' ORDER BY id LIMIT 500`,
  ),
  `CREATE INDEX distributions_sending ON distributions (id) WHERE status = 'sending'`,
  ...finder(
    'find_brands_with_stale_leases(now timestamptz)',
    'TABLE (brand_id bigint)',
    {},
    `SELECT DISTINCT brand_id FROM messages WHERE (state IN ('leased', 'wire') AND lease_until < now)
       OR (state = 'uncertain' AND resend_at IS NOT NULL AND resend_at <= now)`,
  ),
  ...finder(
    'find_brands_with_expired_sessions(now timestamptz)',
    'TABLE (brand_id bigint)',
    {},
    `SELECT DISTINCT brand_id FROM sessions WHERE state = 'open' AND expires_at < now`,
  ),
  ...finder(
    'find_brands_with_outbox()',
    'TABLE (brand_id bigint)',
    { response_outbox: 'brand_id' },
    'SELECT DISTINCT brand_id FROM response_outbox',
  ),
  ...finder(
    'find_brands_with_deltas()',
    'TABLE (brand_id bigint)',
    { summary_deltas: 'brand_id', distribution_tally_deltas: 'brand_id' },
    'SELECT brand_id FROM summary_deltas UNION SELECT brand_id FROM distribution_tally_deltas',
  ),
  ...finder(
    'find_open_exports()',
    'TABLE (brand_id bigint, export_id bigint)',
    { response_exports: 'brand_id, id, status' },
    `SELECT brand_id, id FROM response_exports WHERE status IN ('queued', 'running')`,
  ),
];
