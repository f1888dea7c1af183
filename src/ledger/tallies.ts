import type { Unit } from '../platform/db/database.js';
import type { MessageState } from './message.entity.js';

export type TallyName =
  | MessageState
  | 'bounced'
  | 'complained'
  | 'opened'
  | 'started'
  | 'partial'
  | 'finished'
  | 'screened_out'
  | 'quota_full'
  | 'session_expired'
  | 'opted_out'
  /** Skipped because somebody else has the same address. */
  | 'duplicates'
  /** Uncertain also after the resend: whether to send once more is for people to decide. */
  | 'undecided';

/** Counters of a distribution: exactly what its ledger rows add up to. */
export type Tallies = Readonly<Record<TallyName, number>>;

const NOTHING: Tallies = {
  planned: 0,
  queued: 0,
  leased: 0,
  wire: 0,
  accepted: 0,
  failed: 0,
  uncertain: 0,
  skipped: 0,
  cancelled: 0,
  bounced: 0,
  complained: 0,
  opened: 0,
  started: 0,
  partial: 0,
  finished: 0,
  screened_out: 0,
  quota_full: 0,
  session_expired: 0,
  opted_out: 0,
  duplicates: 0,
  undecided: 0,
};

/**
 * Reads the folded counters and the differences that wait to be folded, in one statement and so at one moment. Duplicates
 * and what is undecided are few and have an index, so they are counted.
 */
export async function talliesOf(unit: Unit, ids: string[]): Promise<(id: string) => Tallies> {
  const rows = await unit.sql<{ id: string; tallies: Partial<Record<TallyName, number>> }>(
    `SELECT distribution_id AS id, jsonb_object_agg(name, n) AS tallies FROM (
       SELECT distribution_id, name, sum(n) AS n FROM (
         SELECT distribution_id, name, n FROM distribution_tallies WHERE distribution_id = ANY ($1)
         UNION ALL SELECT distribution_id, name, n FROM distribution_tally_deltas WHERE distribution_id = ANY ($1)
         UNION ALL SELECT distribution_id, 'duplicates', count(*) FROM messages
           WHERE distribution_id = ANY ($1) AND reason = 'duplicate_address' GROUP BY 1
         UNION ALL SELECT distribution_id, 'undecided', count(*) FROM messages
           WHERE distribution_id = ANY ($1) AND state = 'uncertain' AND reason = 'unconfirmed_twice' GROUP BY 1) parts
       GROUP BY 1, 2) sums GROUP BY 1`,
    [ids],
  );
  const byId = new Map(rows.map(({ id, tallies }) => [id, { ...NOTHING, ...tallies }]));
  return (id) => byId.get(id) ?? NOTHING;
}

/** The same for readers who may not see who answered what: whoever came to an end has finished. */
export function withoutOtherEnds(tallies: Tallies): Tallies {
  const { finished, screened_out: screenedOut, quota_full: quotaFull } = tallies;
  return { ...tallies, finished: finished + screenedOut + quotaFull, screened_out: 0, quota_full: 0 };
}

/** Everybody of the audience: each has exactly one message in exactly one state. */
export function audienceIn(tallies: Tallies): number {
  const { planned, queued, leased, wire, accepted, failed, uncertain, skipped, cancelled } = tallies;
  return planned + queued + leased + wire + accepted + failed + uncertain + skipped + cancelled;
}

/** What has not come to an end. */
export function waitingIn({ planned, queued, leased, wire }: Tallies): number {
  return planned + queued + leased + wire;
}
