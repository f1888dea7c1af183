/*
 * The statements of a respondent's page, prepared once a connection: no EntityManager here, because this is the path that
 * must carry 500 responses a second. A page is one transaction of three statements (door, session, write); the write
 * is one statement with its response, its delta and its outbox rows as CTEs, so a crash leaves all or nothing.
 */

const SESSION = `s.id, s.survey_id, s.version_id, s.link_id, s.distribution_id, s.channel, s.source, s.status, s.state,
  s.walk, s.language, s.device, s.started_at, s.last_activity_at, s.expires_at, s.is_anonymous, s.start_key`;

const BRAND = `b.name AS brand_name, b.accent, b.privacy_url, b.imprint_url, b.time_zone AS brand_zone`;

/** The brand with the session that a cookie or an address names ($2), if there is one. */
export const LOOK_BY_ID = `SELECT ${BRAND}, ${SESSION} FROM brands b
  LEFT JOIN sessions s ON s.brand_id = b.id AND s.id = $2 WHERE b.id = $1`;

/** The brand with the one session of an individual link. */
export const LOOK_BY_LINK = `SELECT ${BRAND}, ${SESSION} FROM brands b
  LEFT JOIN sessions s ON s.brand_id = b.id AND s.single_link_id = $2 WHERE b.id = $1`;

/** Held until the page is stored: a second submit waits and then finds the walk further on. */
export const LOCK_BY_ID = `SELECT ${SESSION} FROM sessions s WHERE s.id = $1 FOR UPDATE`;
export const LOCK_BY_LINK = `SELECT ${SESSION} FROM sessions s WHERE s.single_link_id = $1 FOR UPDATE`;
export const LOCK_BY_START = `SELECT ${SESSION} FROM sessions s WHERE s.start_key = $1 FOR UPDATE`;

interface Numbers {
  now: number;
  first: number;
  started: 0 | 1;
}

/** The response, with its person; `walked` is one session as it stands after this statement. */
function response({ now, first }: Numbers): string {
  const [ending, answers, embedded, person] = [0, 1, 2, 3].map((offset) => `$${first + offset}`);
  return `response AS (
    INSERT INTO responses (brand_id, session_id, survey_id, version_id, link_id, contact_id, distribution_id, channel, source,
      status, finished, ending, progress, language, device, started_at, ended_at, recorded_at, duration_seconds, answers, embedded, person)
    SELECT brand_id, id, survey_id, version_id, link_id, contact_id, distribution_id, channel, source,
      status, state = 'finished', ${ending}, progress, language, device, started_at, last_activity_at, $${now},
      greatest(0, extract(epoch FROM last_activity_at - started_at))::int, ${answers}::jsonb, ${embedded}::jsonb, ${person}::jsonb
    FROM walked WHERE state IN ('finished', 'partial') RETURNING id
  )`;
}

/** The answers sealed and by themselves, to be recorded by another transaction: this one knows who gave them. */
function held({ first }: Numbers): string {
  return `held AS (
    INSERT INTO held_answers (brand_id, id, due_at, sealed)
    SELECT brand_id, $${first}::uuid, $${first + 1}::timestamptz, $${first + 2}::bytea
    FROM walked WHERE state IN ('finished', 'partial')
  ), response AS (SELECT NULL::bigint AS id)`;
}

const DAY = (at: string): string => `date_trunc('day', ${at}::timestamptz, 'UTC')`;

/**
 * What is told of a walk that is over. How it ended says something of the answers, so where those are anonymous
 * it stays with them, and the person has finished.
 */
function kindOf({ first }: Numbers, leaves: typeof response | typeof held): string {
  return leaves === held
    ? 'walked.state'
    : `CASE $${first} WHEN 'screenedOut' THEN 'screened_out' WHEN 'quotaMet' THEN 'quota_full' ELSE walked.state END`;
}

/**
 * The outbox has room for walks by any channel, and a reader for those with a link alone: rows for the others cost a tenth of
 * all responses a second (`bin/bench respondent`). Whoever reads them first takes this away.
 */
const IS_READ = 'link_id IS NOT NULL';

/** What a walk leaves; numbers of parameters come from the statement around it. */
function recorded(numbers: Numbers, leaves: typeof response | typeof held): string {
  const { now, started } = numbers;
  const kind = kindOf(numbers, leaves);
  const kinds = started === 1 ? `(VALUES ('started'), (${kind}))` : `(VALUES (${kind}))`;
  return `${leaves(numbers)}, delta AS (
    INSERT INTO summary_deltas (brand_id, survey_id, distribution_id, hour, channel, source, started, finished, partial,
      screened_out, quota_full)
    SELECT brand_id, survey_id, distribution_id, date_trunc('hour', $${now}::timestamptz), channel, source, ${started},
      (${kind} = 'finished')::int, (state = 'partial')::int, (${kind} = 'screened_out')::int, (${kind} = 'quota_full')::int
    FROM walked WHERE status = 0
  ), outbox AS (
    INSERT INTO response_outbox (brand_id, kind, survey_id, channel, link_id, distribution_id, response_id, at)
    SELECT walked.brand_id, k.kind, survey_id, channel, link_id, distribution_id, (SELECT id FROM response), ${leaves === held ? DAY(`$${now}`) : `$${now}`}
    FROM walked CROSS JOIN LATERAL ${kinds} AS k (kind)
    WHERE walked.status = 0 AND k.kind <> 'open' AND ${IS_READ}
  ) SELECT walked.id, (SELECT id FROM response) AS response_id FROM walked`;
}

const BEGUN = `WITH walked AS (
    INSERT INTO sessions (brand_id, survey_id, version_id, link_id, contact_id, distribution_id, single_link_id, channel, source,
      status, state, walk, progress, language, device, started_at, last_activity_at, expires_at, start_key, forget_at, closed_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20,
      CASE WHEN $11 = 'open' THEN NULL ELSE $17::timestamptz END)
    ON CONFLICT DO NOTHING RETURNING *
  )`;

/** The first page: nothing comes back when the same start or the same link was faster. */
export const START = `${BEGUN}, ${recorded({ now: 17, first: 21, started: 1 }, response)}`;

/** The same for a walk that was counted before and forgotten. */
export const START_AGAIN = `${BEGUN}, ${recorded({ now: 17, first: 21, started: 0 }, response)}`;

/** What chance drew for a walk follows from its start: of a person's own link it is kept nowhere but in the sealed walk. */
const START_KEY = `CASE WHEN single_link_id IS NULL THEN start_key END`;

const BEGUN_ANONYMOUS = `WITH walked AS (
    INSERT INTO sessions (brand_id, survey_id, version_id, link_id, contact_id, distribution_id, single_link_id, channel, source,
      status, state, walk, progress, language, device, started_at, last_activity_at, expires_at, start_key, forget_at, closed_at, is_anonymous)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, CASE WHEN $11 = 'open' THEN $16 ELSE ${DAY('$16')} END,
      CASE WHEN $11 = 'open' THEN $17 ELSE ${DAY('$17')} END, $18,
      CASE WHEN $7::bigint IS NULL THEN $19::uuid END, $20, CASE WHEN $11 = 'open' THEN NULL ELSE ${DAY('$17')} END, true)
    ON CONFLICT DO NOTHING RETURNING *
  )`;

/** The same where answers are anonymous: a session that is over already keeps the day, and nothing of the walk. */
export const START_ANONYMOUS = `${BEGUN_ANONYMOUS}, ${recorded({ now: 17, first: 21, started: 1 }, held)}`;
export const START_ANONYMOUS_AGAIN = `${BEGUN_ANONYMOUS}, ${recorded({ now: 17, first: 21, started: 0 }, held)}`;

/** A page in the middle. */
export const KEEP = `UPDATE sessions SET walk = $2, progress = $3, language = $4, last_activity_at = $5, expires_at = $6,
  is_anonymous = is_anonymous OR $7, start_key = CASE WHEN $7 THEN ${START_KEY} ELSE start_key END, forget_at = $8 WHERE id = $1`;

/** Who may see the walk has changed, and nothing else. */
export const KEEP_WALK = `UPDATE sessions SET walk = $2 WHERE id = $1 AND state = 'open'`;

/** The last page, or the end of the time ($5 is then the last thing the respondent did). */
export const CLOSE = `WITH walked AS (
    UPDATE sessions SET state = $2, walk = $3, progress = $4, last_activity_at = $5, closed_at = $6, expires_at = NULL, forget_at = NULL, language = $7
    WHERE id = $1 AND state = 'open' RETURNING *
  ), ${recorded({ now: 6, first: 8, started: 0 }, response)}`;

/**
 * The same where answers are anonymous. The session stays as what is known of the person: that they took part, and on which
 * day. Its sealed walk draws the end page once more until $4.
 */
export const CLOSE_ANONYMOUS = `WITH walked AS (
    UPDATE sessions SET state = $2, walk = $3, expires_at = $4, started_at = ${DAY('started_at')}, last_activity_at = ${DAY('$5')},
      closed_at = ${DAY('$6')}, progress = 0, language = '', device = '', is_anonymous = true, forget_at = NULL, start_key = ${START_KEY}
    WHERE id = $1 AND state = 'open' RETURNING *
  ), ${recorded({ now: 6, first: 7, started: 0 }, held)}`;

const OF_SURVEY = `FROM sessions s JOIN surveys v ON v.brand_id = s.brand_id AND v.id = s.survey_id`;

/** Sessions whose time is over; other workers take others. */
export const EXPIRED = `SELECT ${SESSION}, v.options, 'expire' AS choice ${OF_SURVEY}
  WHERE s.state = 'open' AND s.expires_at < $1 ORDER BY s.expires_at LIMIT $2 FOR UPDATE OF s SKIP LOCKED`;

/** Open sessions of nobody in which nothing was answered for a while. */
export const FORGOTTEN = `SELECT ${SESSION}, v.options, 'discard' AS choice ${OF_SURVEY}
  WHERE s.state = 'open' AND s.forget_at < $1 ORDER BY s.forget_at LIMIT $2 FOR UPDATE OF s SKIP LOCKED`;

/** Open sessions of surveys that were paused with the order to close them. */
export const PAUSED = `SELECT ${SESSION}, v.options, v.pause_choice AS choice ${OF_SURVEY}
  WHERE v.stage = 'paused' AND v.pause_choice <> 'finish' AND s.state = 'open' AND s.status <> 1 AND s.started_at <= $1
  ORDER BY s.id LIMIT $2 FOR UPDATE OF s SKIP LOCKED`;

export const DROP = `DELETE FROM sessions WHERE id = $1`;

/** Tells that the time of a walk is over; $3: to the day. Before the walk is closed or dropped. */
export const TELL_EXPIRED = `INSERT INTO response_outbox (brand_id, kind, survey_id, channel, link_id, distribution_id, at)
  SELECT brand_id, 'session_expired', survey_id, channel, link_id, distribution_id, CASE WHEN $3 THEN ${DAY('$2')} ELSE $2 END FROM sessions
  WHERE id = $1 AND status = 0 AND ${IS_READ}`;
