import { Migration } from '@mikro-orm/migrations';
import { finder, overTheWalls, wallAround } from './brand_tables.js';

/** What people are told by mail and by the bell: happenings, and one notice of each for every person whom it concerns. */
export class Migration20261201100100_notices extends Migration {
  override up(): void {
    for (const statement of [...tables, ...overTheWalls(['distributions', 'notice_events'], told), ...finders]) {
      this.addSql(statement);
    }
  }
}

const tables = [
  `CREATE TABLE notice_events (
     brand_id bigint NOT NULL REFERENCES brands ON DELETE CASCADE, id bigint GENERATED ALWAYS AS IDENTITY,
     -- What happened to what: it is one happening, however many processes see it and however often it comes back.
     key text NOT NULL, kind text NOT NULL, survey_id bigint, distribution_id bigint,
     -- Of what comes and goes: a relay that is down or up, a domain that failed or is active.
     state text NOT NULL DEFAULT '',
     -- When it began this time: tells it from the next time.
     stamp timestamptz NOT NULL, told_at timestamptz NOT NULL, facts jsonb NOT NULL,
     PRIMARY KEY (brand_id, id), UNIQUE (brand_id, key),
     FOREIGN KEY (brand_id, survey_id) REFERENCES surveys ON DELETE CASCADE,
     FOREIGN KEY (brand_id, distribution_id) REFERENCES distributions ON DELETE CASCADE)`,
  `CREATE INDEX notice_events_distribution ON notice_events (brand_id, distribution_id)`,
  `CREATE INDEX notice_events_told ON notice_events (told_at)`,
  ...wallAround('notice_events'),
  `CREATE TABLE notices (
     brand_id bigint NOT NULL, event_id bigint NOT NULL, user_id bigint NOT NULL,
     told_at timestamptz NOT NULL, in_bell boolean NOT NULL, read_at timestamptz,
     mail_state text NOT NULL DEFAULT 'none' CHECK (mail_state IN ('none', 'due', 'sent', 'failed')),
     mail_at timestamptz, mail_attempts int NOT NULL DEFAULT 0, mailed_at timestamptz, mail_error text NOT NULL DEFAULT '',
     mailed_state text NOT NULL DEFAULT '',
     PRIMARY KEY (brand_id, event_id, user_id),
     FOREIGN KEY (brand_id, event_id) REFERENCES notice_events ON DELETE CASCADE,
     FOREIGN KEY (brand_id, user_id) REFERENCES users ON DELETE CASCADE)`,
  `CREATE INDEX notices_of_person ON notices (brand_id, user_id, told_at DESC, event_id DESC) WHERE in_bell`,
  `CREATE INDEX notices_unread ON notices (brand_id, user_id) WHERE in_bell AND read_at IS NULL`,
  `CREATE INDEX notices_to_mail ON notices (mail_at) WHERE mail_state = 'due'`,
  ...wallAround('notices'),
  `CREATE TABLE notice_choices (
     brand_id bigint NOT NULL, user_id bigint NOT NULL, kind text NOT NULL, bell boolean NOT NULL, mail boolean NOT NULL,
     PRIMARY KEY (brand_id, user_id, kind),
     FOREIGN KEY (brand_id, user_id) REFERENCES users ON DELETE CASCADE)`,
  ...wallAround('notice_choices'),
  `CREATE INDEX distributions_ended_lately ON distributions (finished_at) WHERE status IN ('done', 'failed')`,
  `CREATE INDEX distributions_to_notice ON distributions (held_at) WHERE status IN ('held', 'paused')`,
];

/** What ended or was told of before there were notices is no news. */
const told = [
  `INSERT INTO notice_events (brand_id, key, kind, survey_id, distribution_id, stamp, told_at, facts)
     SELECT brand_id, 'distribution:' || id || ':' || status, status, survey_id, id, finished_at, finished_at, '{}'
     FROM distributions WHERE status IN ('done', 'failed') AND finished_at IS NOT NULL`,
  `INSERT INTO notice_events (brand_id, key, kind, survey_id, distribution_id, stamp, told_at, facts)
     SELECT brand_id, 'distribution:' || id || ':paused:' || pause_reason, 'waits', survey_id, id, held_at, held_at, '{}'
     FROM distributions WHERE status = 'paused' AND pause_reason IS NOT NULL AND pause_told_at IS NOT NULL AND held_at IS NOT NULL`,
  `DROP FUNCTION find_pauses_to_tell()`,
  `DROP INDEX distributions_pauses_to_tell`,
  `ALTER TABLE distributions DROP COLUMN pause_told_at`,
];

/** Holds that end by themselves are told when they last: a relay that is restarted is nobody's business. */
const LASTING = `($1 - interval '10 minutes')`;

const finders = [
  ...finder(
    'find_distributions_with_news(now timestamptz)',
    'TABLE (brand_id bigint, distribution_id bigint)',
    {
      notice_events: 'brand_id, id, key, stamp, state, told_at',
      distributions: 'brand_id, id, status, held_at, held_reason, pause_reason, finished_at, deleted_at',
    },
    `SELECT d.brand_id, d.id FROM distributions d
     WHERE d.status IN ('done', 'failed') AND d.finished_at > $1 - interval '7 days' AND d.deleted_at IS NULL
       AND NOT EXISTS (SELECT FROM notice_events e WHERE e.brand_id = d.brand_id
         AND e.key = 'distribution:' || d.id || ':' || d.status AND e.stamp = d.finished_at)
     UNION ALL
     SELECT d.brand_id, d.id FROM distributions d
     WHERE d.status = 'held' AND d.deleted_at IS NULL
       AND d.held_at <= CASE WHEN d.held_reason IN ('relay', 'survey_paused', 'brand_suspended', 'week') THEN ${LASTING} ELSE $1 END
       AND NOT EXISTS (SELECT FROM notice_events e WHERE e.brand_id = d.brand_id
         AND e.key = 'distribution:' || d.id || ':held:' || d.held_reason AND e.stamp = d.held_at)
     UNION ALL
     SELECT d.brand_id, d.id FROM distributions d
     WHERE d.status = 'paused' AND d.pause_reason IS NOT NULL AND d.deleted_at IS NULL AND d.held_at IS NOT NULL
       AND NOT EXISTS (SELECT FROM notice_events e WHERE e.brand_id = d.brand_id
         AND e.key = 'distribution:' || d.id || ':paused:' || d.pause_reason AND e.stamp = d.held_at)
     LIMIT 500`,
  ),
  ...finder(
    'find_brands_with_news(now timestamptz)',
    'TABLE (brand_id bigint)',
    {
      from_domains: 'brand_id, id, domain, status, told_status, next_check_at, checking_until',
      send_buckets: 'brand_id, scope, scope_id, hour, reserved',
      brands: 'id, slug, weekly_email_limit',
    },
    `SELECT brand_id FROM from_domains WHERE status <> told_status AND 'failed' IN (status, told_status)
     UNION
     SELECT b.id FROM brands b WHERE EXISTS (SELECT FROM send_buckets k WHERE k.brand_id = b.id AND k.scope = 'brand'
         AND k.scope_id = b.id AND k.hour > $1 - interval '2 hours' AND k.reserved > 0)
       AND NOT EXISTS (SELECT FROM notice_events e WHERE e.brand_id = b.id AND e.key = 'limit:full'
         AND e.stamp = date_trunc('week', $1, 'UTC'))
       AND (SELECT sum(k.reserved) FROM send_buckets k WHERE k.brand_id = b.id AND k.scope = 'brand' AND k.scope_id = b.id
         AND k.hour > $1 - interval '169 hours') >= b.weekly_email_limit *
         CASE WHEN EXISTS (SELECT FROM notice_events e WHERE e.brand_id = b.id AND e.key = 'limit:near'
           AND e.stamp = date_trunc('week', $1, 'UTC')) THEN 1 ELSE 0.8 END
     UNION
     -- A relay that lets distributions wait, and one that does so no more.
     SELECT brand_id FROM distributions d WHERE status = 'held' AND held_reason = 'relay' AND deleted_at IS NULL
       AND held_at <= ${LASTING} AND NOT EXISTS (SELECT FROM notice_events e WHERE e.brand_id = d.brand_id AND e.key = 'relay' AND e.state = 'down')
     UNION
     SELECT e.brand_id FROM notice_events e WHERE e.key = 'relay' AND e.state = 'down' AND NOT EXISTS (
       SELECT FROM distributions d WHERE d.brand_id = e.brand_id AND d.status = 'held' AND d.held_reason = 'relay' AND d.deleted_at IS NULL)`,
  ),
  ...finder(
    'find_notices_to_mail(now timestamptz)',
    'TABLE (brand_id bigint)',
    { notices: 'brand_id, mail_state, mail_at' },
    `SELECT DISTINCT brand_id FROM notices WHERE mail_state = 'due' AND mail_at <= $1`,
  ),
  ...finder(
    'find_old_notices(before timestamptz)',
    'TABLE (brand_id bigint)',
    {},
    `SELECT DISTINCT brand_id FROM notice_events WHERE told_at < $1`,
  ),
];
