import type { Tallies } from '../distributions/distributions.service.js';
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
}

/** What became of a distribution, if people are told of it as it is now. The figures are looked up by the caller. */
export async function happeningOf(
  unit: Unit,
  distributionId: string,
  tallies: (id: string) => Promise<Tallies>,
): Promise<Happening | undefined> {
  const [row] = await unit.sql<DistributionRow>(
    `SELECT d.id, d.survey_id AS "surveyId", s.name AS survey, coalesce(nullif(trim(d.name), ''), d.subject) AS title, d.status,
       CASE d.status WHEN 'held' THEN d.held_reason WHEN 'paused' THEN d.pause_reason END AS why,
       (CASE WHEN d.status IN ('done', 'failed') THEN d.finished_at ELSE d.held_at END)::text AS stamp,
       d.error_code AS code, d.error_text AS reason
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
  const facts: Facts = { words: state, title: row.title, survey: row.survey };
  const kind = status === 'done' || status === 'failed' ? status : 'waits';
  const common = { key: `distribution:${id}:${state.replace('_', ':')}`, kind, state, stamp, surveyId, distributionId };
  return kind === 'done'
    ? { ...common, kind, facts: { ...facts, counts: countsIn(await tallies(id)) } }
    : { ...common, kind, facts: { ...facts, reason: row.reason ?? '', code: row.code ?? '' } };
}

function countsIn({ accepted, failed, bounced, skipped, uncertain, cancelled }: Tallies): Record<string, number> {
  return { sent: accepted, failed, bounced, skipped, uncertain, cancelled };
}

interface LimitRow {
  used: number;
  limit: number;
  week: string;
}

const NEARLY = 0.8;

/** How much of the brand's weekly limit is spoken for, when that is worth a word. */
export async function limitHappening(unit: Unit, brandId: string, now: Date): Promise<Happening[]> {
  const [row] = await unit.sql<LimitRow>(
    `SELECT coalesce(sum(k.reserved), 0)::int AS used, b.weekly_email_limit AS limit, date_trunc('week', $2::timestamptz, 'UTC')::text AS week
     FROM brands b LEFT JOIN send_buckets k ON k.brand_id = b.id AND k.scope = 'brand' AND k.scope_id = b.id
       AND k.hour > $2::timestamptz - interval '169 hours' WHERE b.id = $1 GROUP BY b.id`,
    [brandId, now],
  );
  if (row === undefined || row.used < row.limit * NEARLY) {
    return [];
  }
  const { used, limit, week: stamp } = row;
  const words = used >= limit ? 'limit_full' : 'limit_near';
  // Whoever hears that it is used up needs not hear as well that it nearly was.
  const near: Happening = { key: 'limit:near', kind: 'limits', stamp, facts: { words: 'limit_near', used, limit } };
  return words === 'limit_near' ? [near] : [{ ...near, key: 'limit:full', facts: { words, used, limit } }];
}

/** A relay that lets distributions wait for ten minutes, or one that does so no more. */
export async function relayHappening(unit: Unit, now: Date): Promise<Happening | undefined> {
  const [row] = await unit.sql<{ held: number; lasting: number; reason: string | null; state: string | null }>(
    `SELECT count(*)::int AS held, count(*) FILTER (WHERE held_at <= $1::timestamptz - interval '10 minutes')::int AS lasting,
       min(error_text) AS reason, (SELECT state FROM notice_events WHERE key = 'relay') AS state
     FROM distributions WHERE status = 'held' AND held_reason = 'relay' AND deleted_at IS NULL`,
    [now],
  );
  const { held = 0, lasting = 0, reason, state } = row ?? {};
  const common = { key: 'relay', kind: 'relays' as const, stamp: now.toISOString() };
  if (lasting > 0 && state !== 'down') {
    return {
      ...common,
      state: 'down',
      facts: { words: 'relay_down', reason: reason ?? '', counts: { waiting: held } },
    };
  }
  return held === 0 && state === 'down' ? { ...common, state: 'up', facts: { words: 'relay_up' } } : undefined;
}
