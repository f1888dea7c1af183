import type { Tallies } from '../ledger/tallies.js';
import type { Unit } from '../platform/db/database.js';
import type { Facts, Happening } from './notice_kinds.js';

interface DistributionRow {
  id: string;
  surveyId: string;
  survey: string;
  title: string;
  status: 'done' | 'failed' | 'held' | 'paused';
  why: string | null;
  stamp: string | null;
  code: string | null;
  reason: string | null;
  isOfLinks: boolean;
}

/** What became of a distribution, if people are told of it as it is now. The figures are looked up by the caller. */
export async function happeningOf(
  unit: Unit,
  distributionId: string,
  tallies: (id: string) => Promise<Tallies>,
): Promise<Happening | undefined> {
  const [row] = await unit.sql<DistributionRow>(
    `SELECT d.id, d.survey_id AS "surveyId", s.name AS survey, coalesce(nullif(trim(d.name), ''), d.heading) AS title, d.status,
       CASE d.status WHEN 'held' THEN d.held_reason WHEN 'paused' THEN d.pause_reason END AS why,
       (CASE WHEN d.status IN ('done', 'failed') THEN d.finished_at ELSE d.held_at END)::text AS stamp,
       d.error_code AS code, d.error_text AS reason, d.channel = 'gl' AS "isOfLinks"
     FROM distributions d JOIN surveys s ON s.brand_id = d.brand_id AND s.id = d.survey_id
     WHERE d.id = $1 AND d.deleted_at IS NULL AND s.deleted_at IS NULL AND d.status IN ('done', 'failed', 'held', 'paused')`,
    [distributionId],
  );
  if (row === undefined || row.stamp === null) {
    return undefined;
  }
  const { id, surveyId, status, why, stamp } = row;
  const state = [status, why].filter((part) => part !== null).join('_');
  if (state === 'paused') {
    return undefined; // by hand: whoever did it knows
  }
  const { title, survey, isOfLinks } = row;
  const facts: Facts = { words: state, title, survey, ...(isOfLinks ? { isOfLinks } : {}) };
  const kind = status === 'done' || status === 'failed' ? status : 'waits';
  const common = { key: `distribution:${id}:${state.replace('_', ':')}`, kind, state, stamp, surveyId, distributionId };
  return kind === 'done'
    ? { ...common, kind, facts: { ...facts, counts: countsIn(await tallies(id)) } }
    : { ...common, kind, facts: { ...facts, reason: row.reason ?? '', code: row.code ?? '' } };
}

function countsIn({ accepted, failed, bounced, skipped, uncertain, cancelled }: Tallies): Record<string, number> {
  return { sent: accepted, failed, bounced, skipped, uncertain, cancelled };
}
