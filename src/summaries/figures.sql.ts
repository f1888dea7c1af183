/**
 * All that a survey's respondents did, by channel: slot 0 is the total, slot n is what happened from bound n of $3 to
 * the next. Totals, roll-ups and unfolded deltas in one statement are one snapshot: each count is in exactly one place.
 * Measured: 44,000 roll-ups (10,000,000 responses of a year in five channels), 2,000 deltas in 3 to 5 ms.
 */
export const ANSWERS = `
  WITH unfolded AS MATERIALIZED (
    SELECT hour, channel, opened, started, finished, partial, screened_out, quota_full FROM summary_deltas
    WHERE brand_id = $1 AND survey_id = $2),
  slots AS (
    SELECT 0 AS slot, channel, opened, started, finished, partial, screened_out, quota_full FROM summary_totals
    WHERE brand_id = $1 AND survey_id = $2
    UNION ALL
    SELECT 0, channel, opened, started, finished, partial, screened_out, quota_full FROM unfolded
    UNION ALL
    SELECT width_bucket(hour, $3::timestamptz[]), channel, opened, started, finished, partial, screened_out, quota_full
    FROM (SELECT hour, channel, opened, started, finished, partial, screened_out, quota_full FROM summary_rollups
          WHERE brand_id = $1 AND survey_id = $2 AND hour >= ($3::timestamptz[])[1]
          UNION ALL SELECT * FROM unfolded WHERE hour >= ($3::timestamptz[])[1]) recent)
  SELECT channel, slot, sum(opened)::float8 AS opened, sum(started)::float8 AS started,
    sum(finished)::float8 AS finished, sum(partial)::float8 AS partial,
    sum(screened_out)::float8 AS "screenedOut", sum(quota_full)::float8 AS "quotaFull"
  FROM slots WHERE channel <> 'preview' GROUP BY 1, 2`;

/** Whose counts are shown: what is planned in the ledger, drafts not yet. */
const COUNTED = `d.brand_id = $1 AND d.survey_id = $2 AND d.status NOT IN ('draft', 'scheduled')`;

/** Who has a link in hand: has, or may have, the mail; for personal links, everybody for whom one was made. */
const HANDED_OUT = `(name IN ('accepted', 'uncertain') OR (channel = 'gl' AND name IN ('planned', 'queued', 'leased', 'wire')))`;

/** The audience by channel, from the ledger's counters and their unfolded rest. Deleted distributions stay in. */
export const AUDIENCES = `
  WITH counted AS (SELECT d.id, d.channel FROM distributions d WHERE ${COUNTED}),
  tallies AS (
    SELECT distribution_id, name, n FROM distribution_tallies
    WHERE brand_id = $1 AND distribution_id IN (SELECT id FROM counted)
    UNION ALL
    SELECT distribution_id, name, n FROM distribution_tally_deltas
    WHERE brand_id = $1 AND distribution_id IN (SELECT id FROM counted))
  SELECT channel, coalesce(sum(n) FILTER (WHERE ${HANDED_OUT}), 0)::float8 AS audience
  FROM counted c LEFT JOIN tallies t ON t.distribution_id = c.id
  GROUP BY 1`;

/** The newest distributions of each channel with their own counters. */
export const NEWEST_DISTRIBUTIONS = `
  SELECT d.id, d.channel, coalesce(nullif(d.name, ''), d.heading) AS name, d.status, coalesce(d.sent_at, d.planned_at, d.created_at) AS at, d.total::int AS total,
    coalesce(t.audience, 0)::float8 AS audience, coalesce(t.opened, 0)::float8 AS opened,
    coalesce(t.started, 0)::float8 AS started, coalesce(t.finished, 0)::float8 AS finished, coalesce(t.partial, 0)::float8 AS partial,
    coalesce(t.screened_out, 0)::float8 AS "screenedOut", coalesce(t.quota_full, 0)::float8 AS "quotaFull"
  FROM (SELECT d.*, row_number() OVER newest AS place, count(*) OVER (PARTITION BY d.channel) AS total
        FROM distributions d WHERE ${COUNTED} AND d.deleted_at IS NULL
        WINDOW newest AS (PARTITION BY d.channel ORDER BY d.id DESC)) d
  CROSS JOIN LATERAL (
    SELECT sum(n) FILTER (WHERE ${HANDED_OUT}) AS audience,
      sum(n) FILTER (WHERE name = 'opened') AS opened, sum(n) FILTER (WHERE name = 'started') AS started,
      sum(n) FILTER (WHERE name = 'finished') AS finished, sum(n) FILTER (WHERE name = 'partial') AS partial,
      sum(n) FILTER (WHERE name = 'screened_out') AS screened_out, sum(n) FILTER (WHERE name = 'quota_full') AS quota_full
    FROM (SELECT name, n FROM distribution_tallies WHERE brand_id = $1 AND distribution_id = d.id
          UNION ALL
          SELECT name, n FROM distribution_tally_deltas WHERE brand_id = $1 AND distribution_id = d.id) counted) t
  WHERE d.place <= $3
  ORDER BY d.channel, d.id DESC`;

/** When each of the channels $3 got its last response; one step in responses_by_channel_and_time a channel. */
export const LAST_RESPONSES = `
  SELECT c.channel, r.recorded_at AS at
  FROM unnest($3::text[]) AS c (channel)
  CROSS JOIN LATERAL (SELECT recorded_at FROM responses
    WHERE brand_id = $1 AND survey_id = $2 AND channel = c.channel AND status = 0 ORDER BY recorded_at DESC LIMIT 1) r`;

/** Responses that the bot guard has marked, up to 1,000 and one more: kept, and in none of the counts. */
export const MARKED = `
  SELECT count(*)::int AS marked FROM (SELECT FROM responses
    WHERE brand_id = $1 AND survey_id = $2 AND status = 8 LIMIT 1001) r`;

/** Whether anything was distributed or answered at all; else the page asks for a method. */
export const HAS_BEGUN = `
  SELECT EXISTS (SELECT FROM distributions WHERE brand_id = $1 AND survey_id = $2 AND deleted_at IS NULL)
    OR EXISTS (SELECT FROM summary_totals WHERE brand_id = $1 AND survey_id = $2 AND channel <> 'preview')
    OR EXISTS (SELECT FROM summary_deltas WHERE brand_id = $1 AND survey_id = $2 AND channel <> 'preview')
    OR EXISTS (SELECT FROM responses WHERE brand_id = $1 AND survey_id = $2 AND status = 8) AS begun`;
