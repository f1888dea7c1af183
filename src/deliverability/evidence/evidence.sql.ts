import type { Unit } from '../../platform/db/database.js';
import { type Held, type Spread, spreadOf } from './evidence.js';

export type EvidenceKind = 'sender' | 'reputation' | 'content' | 'complaint';
export type EvidenceSource = 'wire' | 'report';

/** The first so many mails of a distribution tell whether its list is good. */
export const FIRST = 500;
/** The first so many tell on how many providers its recipients are spread. */
const SAMPLE = 2000;
const DAY_MS = 86_400_000;

/** Notes whom the sender was refused for. @returns the messages of which it was not known yet */
export async function noteEvidence(
  unit: Unit,
  { kind, ids, source, now }: { kind: EvidenceKind; ids: readonly string[]; source: EvidenceSource; now: Date },
): Promise<string[]> {
  const rows = await unit.sql<{ id: string; isNew: boolean }>(
    `INSERT INTO distribution_evidence AS e (brand_id, distribution_id, kind, message_id, domain, source, at)
     SELECT brand_id, distribution_id, $1, id, domain, $2, $3 FROM messages WHERE id = ANY ($4)
     ON CONFLICT (brand_id, distribution_id, kind, message_id) DO UPDATE SET at = EXCLUDED.at,
       source = CASE WHEN e.source = 'wire' THEN e.source ELSE EXCLUDED.source END
     RETURNING message_id AS id, xmax = 0 AS "isNew"`,
    [kind, source, now, ids],
  );
  return rows.filter(({ isNew }) => isNew).map(({ id }) => id);
}

/** Everything that the guard weighs. */
export interface Counted extends Held {
  accepted: number;
  /** Of the first mails: how many were tried, and which bounced hard, at once or by a report. */
  tried: number;
  hard: Record<EvidenceSource, Spread>;
  evidence: (kind: EvidenceKind, source: EvidenceSource) => Spread;
}

/** @returns undefined while it is not being sent: there is nothing to pause */
export async function countHeld(unit: Unit, distributionId: string, now: Date): Promise<Counted | undefined> {
  const [sending] = await unit.sql<{ audience: number; accepted: number; answered: number }>(
    `SELECT greatest(0, coalesce(d.audience_size, 0) - t.skipped)::int AS audience, t.accepted::int AS accepted, t.answered::int AS answered
     FROM distributions d, LATERAL (
       SELECT coalesce(sum(n) FILTER (WHERE name = 'skipped'), 0) AS skipped, coalesce(sum(n) FILTER (WHERE name = 'accepted'), 0) AS accepted,
         coalesce(sum(n) FILTER (WHERE name IN ('accepted', 'failed', 'uncertain')), 0) AS answered
       FROM (SELECT name, n FROM distribution_tallies WHERE distribution_id = d.id
             UNION ALL SELECT name, n FROM distribution_tally_deltas WHERE distribution_id = d.id) parts) t
     WHERE d.id = $1 AND (d.status = 'sending' OR (d.status = 'held' AND d.held_from = 'sending'))`,
    [distributionId],
  );
  if (sending === undefined) {
    return undefined;
  }
  const first = await firstMails(unit, distributionId);
  const rows = await unit.sql<{ kind: EvidenceKind; source: EvidenceSource; domain: string; n: number }>(
    `SELECT kind, source, domain, count(*)::int AS n FROM distribution_evidence
     WHERE distribution_id = $1 AND (kind = 'complaint' OR at > $2) GROUP BY 1, 2, 3`,
    [distributionId, new Date(now.getTime() - DAY_MS)],
  );
  const by = (kind: EvidenceKind, source: EvidenceSource): Spread =>
    spreadOf(rows.filter((row) => row.kind === kind && row.source === source).map(({ domain, n }) => [domain, n]));
  return { ...sending, ...first, evidence: by };
}

async function firstMails(unit: Unit, distributionId: string): Promise<Pick<Counted, 'tried' | 'hard' | 'judges'>> {
  const rows = await unit.sql<{ domain: string; tried: number; wire: number; report: number }>(
    `SELECT domain, count(*)::int AS tried,
       count(*) FILTER (WHERE bounce_type = 'hard' AND state = 'failed')::int AS wire,
       count(*) FILTER (WHERE bounce_type = 'hard' AND state <> 'failed')::int AS report
     FROM (SELECT domain, state, bounce_type FROM messages
           WHERE distribution_id = $1 AND state IN ('accepted', 'failed', 'uncertain') ORDER BY brand_id, distribution_id, id LIMIT ${FIRST}) first
     GROUP BY domain`,
    [distributionId],
  );
  const all = await unit.sql<{ domain: string; n: number }>(
    `SELECT domain, count(*)::int AS n FROM (SELECT domain FROM messages WHERE distribution_id = $1 AND state <> 'skipped'
       ORDER BY brand_id, distribution_id, id LIMIT ${SAMPLE}) sample GROUP BY domain`,
    [distributionId],
  );
  return {
    tried: rows.reduce((sum, { tried }) => sum + tried, 0),
    hard: {
      wire: spreadOf(rows.map(({ domain, wire }) => [domain, wire])),
      report: spreadOf(rows.map(({ domain, report }) => [domain, report])),
    },
    judges: spreadOf(all.map(({ domain, n }) => [domain, n])).size,
  };
}
