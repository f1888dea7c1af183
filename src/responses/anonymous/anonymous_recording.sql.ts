/** Answers whose while is over; their ids are chance, and so is their order. */
export const HELD = `SELECT id, sealed FROM held_answers WHERE due_at <= $1 ORDER BY id LIMIT $2 FOR UPDATE SKIP LOCKED`;

export const PUT_OFF = `UPDATE held_answers SET due_at = $2 WHERE id = ANY ($1::uuid[])`;

/** How many rows of the hour are written anew beside those that come: enough to mix, and never a whole survey. */
const MIXED = 500;

const KEPT = `survey_id, version_id, channel, source, status, finished, ending, progress, language, started_at, ended_at, recorded_at,
  answers, embedded`;

/**
 * The held answers $2 become the responses $3, in one statement: none is lost, none is there twice. Others of their survey,
 * channel and hour are written anew with them, all in the order of their numbers, which are chance: neither the place of a
 * row nor its transaction says which came first.
 */
export const RECORD = `
  WITH gone AS (DELETE FROM held_answers WHERE id = ANY ($2::uuid[])),
  fresh AS (
    SELECT id, "surveyId" AS survey_id, "versionId" AS version_id, channel, source, status, finished, ending, progress, '' AS language,
      "endedAt" AS started_at, "endedAt" AS ended_at, $4::timestamptz AS recorded_at, answers, embedded
    FROM jsonb_to_recordset($3::jsonb) AS r (id bigint, "surveyId" bigint, "versionId" bigint, channel text, source text, status smallint,
      finished boolean, ending text, progress smallint, "endedAt" timestamptz, answers jsonb, embedded jsonb)),
  mixed AS (
    DELETE FROM responses WHERE brand_id = $1 AND id = ANY (ARRAY(
      SELECT other.id FROM (SELECT DISTINCT survey_id, channel FROM fresh WHERE status = 0) f
      CROSS JOIN LATERAL (SELECT r.id FROM responses r WHERE r.brand_id = $1 AND r.survey_id = f.survey_id AND r.channel = f.channel
        AND r.status = 0 AND r.recorded_at = $4 AND r.session_id IS NULL LIMIT ${MIXED}) other))
    RETURNING id, ${KEPT})
  INSERT INTO responses (brand_id, id, ${KEPT}) OVERRIDING SYSTEM VALUE
  SELECT $1, id, ${KEPT} FROM (SELECT id, ${KEPT} FROM fresh UNION ALL SELECT id, ${KEPT} FROM mixed) together ORDER BY id`;

/**
 * What drew the end page once more; from now on the session says only that somebody took part, and on which day. The start,
 * from which all that chance drew can be worked out, stays only where nobody is known: a post sent again is found by it.
 */
export const FORGET_WALKS = `UPDATE sessions SET walk = '{}', expires_at = NULL, start_key = CASE WHEN contact_id IS NULL THEN start_key END
  WHERE is_anonymous AND state <> 'open' AND expires_at <= $1`;
