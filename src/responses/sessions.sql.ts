/*
 * The statements of a respondent's page, prepared once a connection: no EntityManager here, because this is the path that
 * must carry 500 responses a second. A page is one transaction of three statements (door, session, write); the write
 * is one statement with its response, its delta and its outbox rows as CTEs, so a crash leaves all or nothing.
 */

const SESSION = `s.id, s.survey_id, s.version_id, s.link_id, s.distribution_id, s.channel, s.source, s.status, s.state,
  s.walk, s.language, s.device, s.started_at, s.last_activity_at, s.expires_at`;

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

/** `walked` is one session as it stands after this statement; numbers of parameters come from the statement around it. */
function recorded(param: { now: number; first: number; started: 0 | 1 }): string {
  const { now, first, started } = param;
  const [ending, answers, embedded, person, isAnonymous] = [0, 1, 2, 3, 4].map((offset) => `$${first + offset}`);
  const kinds = started === 1 ? `(VALUES ('started'), (walked.state))` : `(VALUES (walked.state))`;
  return `response AS (
    INSERT INTO responses (brand_id, session_id, survey_id, version_id, link_id, contact_id, distribution_id, channel, source,
      status, finished, ending, progress, language, device, started_at, ended_at, recorded_at, duration_seconds, answers, embedded, person)
    SELECT brand_id, id, survey_id, version_id, CASE WHEN ${isAnonymous}::boolean THEN NULL ELSE link_id END,
      CASE WHEN ${isAnonymous}::boolean THEN NULL ELSE contact_id END, distribution_id, channel, source,
      status, state = 'finished', ${ending}, progress, language, device, started_at, last_activity_at, $${now},
      greatest(0, extract(epoch FROM last_activity_at - started_at))::int, ${answers}::jsonb, ${embedded}::jsonb, ${person}::jsonb
    FROM walked WHERE state IN ('finished', 'partial') RETURNING id
  ), delta AS (
    INSERT INTO summary_deltas (brand_id, survey_id, distribution_id, hour, channel, source, started, finished, partial)
    SELECT brand_id, survey_id, distribution_id, date_trunc('hour', $${now}::timestamptz), channel, source, ${started},
      (state = 'finished')::int, (state = 'partial')::int
    FROM walked WHERE status = 0
  ), outbox AS (
    INSERT INTO response_outbox (brand_id, kind, link_id, response_id, at)
    SELECT walked.brand_id, k.kind, walked.link_id, (SELECT id FROM response), $${now}
    FROM walked CROSS JOIN LATERAL ${kinds} AS k (kind)
    WHERE walked.status = 0 AND walked.link_id IS NOT NULL AND walked.distribution_id IS NOT NULL AND k.kind <> 'open'
  ) SELECT walked.id, (SELECT id FROM response) AS response_id FROM walked`;
}

/** The first page: nothing comes back when the same start or the same link was faster. */
export const START = `WITH walked AS (
    INSERT INTO sessions (brand_id, survey_id, version_id, link_id, contact_id, distribution_id, single_link_id, channel, source,
      status, state, walk, progress, language, device, started_at, last_activity_at, expires_at, start_key, closed_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19,
      CASE WHEN $11 = 'open' THEN NULL ELSE $17::timestamptz END)
    ON CONFLICT DO NOTHING RETURNING *
  ), ${recorded({ now: 17, first: 20, started: 1 })}`;

/** A page in the middle. */
export const KEEP = `UPDATE sessions SET walk = $2, progress = $3, language = $4, last_activity_at = $5, expires_at = $6
  WHERE id = $1`;

/** The last page, or the end of the time ($5 is then the last thing the respondent did). */
export const CLOSE = `WITH walked AS (
    UPDATE sessions SET state = $2, walk = $3, progress = $4, last_activity_at = $5, closed_at = $6, expires_at = NULL, language = $7
    WHERE id = $1 AND state = 'open' RETURNING *
  ), ${recorded({ now: 6, first: 8, started: 0 })}`;

const OF_SURVEY = `FROM sessions s JOIN surveys v ON v.brand_id = s.brand_id AND v.id = s.survey_id`;

/** Sessions whose time is over; other workers take others. */
export const EXPIRED = `SELECT ${SESSION}, v.options, 'record' AS choice ${OF_SURVEY}
  WHERE s.state = 'open' AND s.expires_at < $1 ORDER BY s.expires_at LIMIT $2 FOR UPDATE OF s SKIP LOCKED`;

/** Open sessions of surveys that were paused with the order to close them. */
export const PAUSED = `SELECT ${SESSION}, v.options, v.pause_choice AS choice ${OF_SURVEY}
  WHERE v.stage = 'paused' AND v.pause_choice <> 'finish' AND s.state = 'open' AND s.status <> 1 AND s.started_at <= $1
  ORDER BY s.id LIMIT $2 FOR UPDATE OF s SKIP LOCKED`;

export const DROP = `DELETE FROM sessions WHERE id = $1`;
