/**
 * How a contact ended a survey: `finished`, `screened_out`, `quota_full`, or null, as SQL. What a response says counts; where
 * answers are anonymous, the session that knows none of them says `finished`. Somebody who has finished once has finished,
 * however other walks of theirs ended. Whether there is an end at all is asked first: PostgreSQL answers that for a whole
 * audience at once, and reading which end it was for each of a million people took half a minute.
 */
export function endOf(brandId: string, contactId: string, surveyId: string): string {
  const [responses, sessions] = ['r', 'p'].map(
    (one) => `${one}.brand_id = ${brandId} AND ${one}.contact_id = ${contactId} AND ${one}.survey_id = ${surveyId}`,
  );
  return `CASE WHEN EXISTS (SELECT FROM responses r WHERE ${responses} AND r.finished) THEN (
      SELECT (array['finished', 'screened_out', 'quota_full'])[min(CASE r.ending WHEN 'screenedOut' THEN 2 WHEN 'quotaMet' THEN 3 ELSE 1 END)]
      FROM responses r WHERE ${responses} AND r.finished)
    WHEN EXISTS (SELECT FROM sessions p WHERE ${sessions} AND p.is_anonymous AND p.state = 'finished') THEN 'finished' END`;
}

/** The same of one ledger row and its person: the row says it also after the response was deleted. */
export function endOfRow(row: string, person = row): string {
  return `coalesce(CASE WHEN ${row}.finished_at IS NOT NULL THEN 'finished' END,
    ${endOf(`${person}.brand_id`, `${person}.contact_id`, `${person}.survey_id`)},
    CASE WHEN ${row}.screened_out_at IS NOT NULL THEN 'screened_out' WHEN ${row}.quota_full_at IS NOT NULL THEN 'quota_full' END)`;
}

/** That a thank-you is meant for the person of a ledger row, as SQL. */
export function isThanked({ thanksTurnedAway }: { thanksTurnedAway: boolean }, row: string): string {
  return thanksTurnedAway ? hasEnded(row) : `${row}.finished_at IS NOT NULL`;
}

/** That a ledger row's walk came to an end of the survey, as SQL: finished, screened out or quota full. */
export function hasEnded(row: string): string {
  return `(${row}.finished_at IS NOT NULL OR ${row}.screened_out_at IS NOT NULL OR ${row}.quota_full_at IS NOT NULL)`;
}

/**
 * That the walk by a ledger row's link was closed before its end, as SQL: what was answered in time is recorded, and the
 * link leads to a page that says so.
 */
export function isWalkClosed(row: string): string {
  return `EXISTS (SELECT FROM sessions w WHERE w.brand_id = ${row}.brand_id AND w.single_link_id = ${row}.link_id AND w.state = 'partial')`;
}
