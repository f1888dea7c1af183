/**
 * One folder a brand at a time, in any number of processes; the rebuilding takes the same lock. It ends with the
 * transaction, so a killed folder leaves nothing locked. 815 is only the number of this lock.
 */
export const TRY_FOLD_LOCK = `SELECT pg_try_advisory_xact_lock(815, hashint8($1::bigint)) AS got`;
export const FOLD_LOCK = `SELECT pg_advisory_xact_lock(815, hashint8($1::bigint))`;

/**
 * Moves up to $2 deltas of answers into the roll-ups of hours and the totals: what DELETE returns is what gets added,
 * in one statement, so there is no watermark that a late commit could fall behind. Measured: 250,000 deltas a second.
 */
export const FOLD_ANSWERS = `
  WITH moved AS (
    DELETE FROM summary_deltas d
    USING (SELECT survey_id, id FROM summary_deltas WHERE brand_id = $1 ORDER BY survey_id, id LIMIT $2) oldest
    WHERE d.brand_id = $1 AND d.survey_id = oldest.survey_id AND d.id = oldest.id
    RETURNING d.survey_id, d.hour, d.channel, d.source, d.opened, d.started, d.finished, d.partial, d.screened_out, d.quota_full),
  summed AS (
    INSERT INTO summary_rollups AS kept (brand_id, survey_id, hour, channel, source, opened, started, finished, partial, screened_out, quota_full)
    SELECT $1, survey_id, hour, channel, source, sum(opened), sum(started), sum(finished), sum(partial), sum(screened_out), sum(quota_full)
    FROM moved GROUP BY survey_id, hour, channel, source
    ON CONFLICT (brand_id, survey_id, hour, channel, source) DO UPDATE SET
      opened = kept.opened + excluded.opened, started = kept.started + excluded.started,
      finished = kept.finished + excluded.finished, partial = kept.partial + excluded.partial,
      screened_out = kept.screened_out + excluded.screened_out, quota_full = kept.quota_full + excluded.quota_full),
  totalled AS (
    INSERT INTO summary_totals AS kept (brand_id, survey_id, channel, opened, started, finished, partial, screened_out, quota_full)
    SELECT $1, survey_id, channel, sum(opened), sum(started), sum(finished), sum(partial), sum(screened_out), sum(quota_full)
    FROM moved GROUP BY survey_id, channel
    ON CONFLICT (brand_id, survey_id, channel) DO UPDATE SET
      opened = kept.opened + excluded.opened, started = kept.started + excluded.started,
      finished = kept.finished + excluded.finished, partial = kept.partial + excluded.partial,
      screened_out = kept.screened_out + excluded.screened_out, quota_full = kept.quota_full + excluded.quota_full)
  SELECT count(*)::int AS moved FROM moved`;

/** The same for the counters of distributions; those of a distribution that is gone for good go with it. */
export const FOLD_TALLIES = `
  WITH moved AS (
    DELETE FROM distribution_tally_deltas d
    USING (SELECT distribution_id, id FROM distribution_tally_deltas WHERE brand_id = $1
           ORDER BY distribution_id, id LIMIT $2) oldest
    WHERE d.brand_id = $1 AND d.distribution_id = oldest.distribution_id AND d.id = oldest.id
    RETURNING d.distribution_id, d.name, d.n),
  summed AS (
    INSERT INTO distribution_tallies AS kept (brand_id, distribution_id, name, n)
    SELECT $1, m.distribution_id, m.name, sum(m.n)
    FROM moved m JOIN distributions d ON d.brand_id = $1 AND d.id = m.distribution_id
    GROUP BY m.distribution_id, m.name
    ON CONFLICT (brand_id, distribution_id, name) DO UPDATE SET n = kept.n + excluded.n)
  SELECT count(*)::int AS moved FROM moved`;

/**
 * What the roll-ups of survey $2 should say, beside what they say. One statement, so that sessions, roll-ups and the
 * deltas that it takes away are those of one instant: whoever commits later still has a delta to be folded.
 * Openings leave no session; they are kept as counted. So is all of a survey with anonymous answers: what is stored of
 * them tells neither hour nor session.
 */
export const TAKE_STOCK = `
  WITH unfolded AS (
    DELETE FROM summary_deltas WHERE brand_id = $1 AND survey_id = $2
    RETURNING hour, channel, source, opened, started, finished, partial, screened_out, quota_full),
  counted AS (
    SELECT hour, channel, source, sum(opened) AS opened, sum(started) AS started, sum(finished) AS finished,
      sum(partial) AS partial, sum(screened_out) AS screened_out, sum(quota_full) AS quota_full
    FROM (SELECT hour, channel, source, opened, started, finished, partial, screened_out, quota_full FROM summary_rollups
          WHERE brand_id = $1 AND survey_id = $2
          UNION ALL SELECT * FROM unfolded) kept_and_unfolded
    GROUP BY 1, 2, 3),
  apart AS (SELECT EXISTS (SELECT FROM sessions WHERE brand_id = $1 AND survey_id = $2 AND is_anonymous) AS so),
  truth AS (
    SELECT hour, channel, source, sum(started) AS started, sum(finished) AS finished, sum(partial) AS partial,
      sum(screened_out) AS screened_out, sum(quota_full) AS quota_full
    FROM (SELECT date_trunc('hour', started_at, 'UTC') AS hour, channel, source, 1 AS started, 0 AS finished, 0 AS partial,
            0 AS screened_out, 0 AS quota_full
          FROM sessions WHERE brand_id = $1 AND survey_id = $2 AND status = 0
          UNION ALL
          SELECT date_trunc('hour', recorded_at, 'UTC'), channel, source, 0,
            (finished AND ending NOT IN ('screenedOut', 'quotaMet'))::int, (NOT finished)::int,
            (finished AND ending = 'screenedOut')::int, (finished AND ending = 'quotaMet')::int
          FROM responses WHERE brand_id = $1 AND survey_id = $2 AND status = 0) happened
    WHERE NOT (SELECT so FROM apart) GROUP BY 1, 2, 3
    UNION ALL
    SELECT hour, channel, source, started, finished, partial, screened_out, quota_full FROM counted WHERE (SELECT so FROM apart))
  SELECT hour, channel, source, coalesce(c.opened, 0)::int AS opened,
    coalesce(t.started, 0)::int AS started, coalesce(t.finished, 0)::int AS finished, coalesce(t.partial, 0)::int AS partial,
    coalesce(t.screened_out, 0)::int AS screened_out, coalesce(t.quota_full, 0)::int AS quota_full,
    coalesce(c.started, 0)::int AS counted_started, coalesce(c.finished, 0)::int AS counted_finished,
    coalesce(c.partial, 0)::int AS counted_partial, coalesce(c.screened_out, 0)::int AS counted_screened_out,
    coalesce(c.quota_full, 0)::int AS counted_quota_full
  FROM counted c FULL JOIN truth t USING (hour, channel, source)`;

/** Totals that differ from the sum of their hours; the lock keeps both still. */
export const WRONG_TOTALS = `
  SELECT count(*)::int AS wrong
  FROM (SELECT channel, sum(opened) AS opened, sum(started) AS started, sum(finished) AS finished, sum(partial) AS partial,
          sum(screened_out) AS screened_out, sum(quota_full) AS quota_full
        FROM summary_rollups WHERE brand_id = $1 AND survey_id = $2 GROUP BY 1) hours
  FULL JOIN (SELECT channel, opened, started, finished, partial, screened_out, quota_full FROM summary_totals
             WHERE brand_id = $1 AND survey_id = $2) totals USING (channel)
  WHERE (hours.opened, hours.started, hours.finished, hours.partial, hours.screened_out, hours.quota_full)
    IS DISTINCT FROM (totals.opened, totals.started, totals.finished, totals.partial, totals.screened_out, totals.quota_full)`;

export const FORGET_ROLLUPS = `
  WITH totals AS (DELETE FROM summary_totals WHERE brand_id = $1 AND survey_id = $2)
  DELETE FROM summary_rollups WHERE brand_id = $1 AND survey_id = $2`;

export const WRITE_ROLLUPS = `
  INSERT INTO summary_rollups (brand_id, survey_id, hour, channel, source, opened, started, finished, partial, screened_out, quota_full)
  SELECT $1, $2, hour, channel, source, opened, started, finished, partial, screened_out, quota_full
  FROM jsonb_to_recordset($3) AS r (hour timestamptz, channel text, source text, opened int, started int, finished int, partial int,
    screened_out int, quota_full int)
  WHERE opened + started + finished + partial + screened_out + quota_full > 0`;

export const WRITE_TOTALS = `
  INSERT INTO summary_totals (brand_id, survey_id, channel, opened, started, finished, partial, screened_out, quota_full)
  SELECT brand_id, survey_id, channel, sum(opened), sum(started), sum(finished), sum(partial), sum(screened_out), sum(quota_full)
  FROM summary_rollups WHERE brand_id = $1 AND survey_id = $2 GROUP BY 1, 2, 3`;
