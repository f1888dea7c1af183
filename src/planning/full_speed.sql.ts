import type { Unit } from '../platform/db/database.js';

/** Taken where a brand has not sent enough lately: a small relay does better. */
export const CAUTIOUS_PER_MINUTE = 300;

const DAY_MS = 86_400_000;
const LATELY_MS = 90 * DAY_MS;
const MOST_LOOKED_AT = 200;
/** Smaller ones say more about the start of a sending than about its pace. */
const ENOUGH_MAILS = 100;
const SENDINGS = 10;

/**
 * E-mails a minute at which this brand's sendings really left when nothing but servers slowed them down: the median of the
 * last ones, waits for refused servers included. Undefined where there was none of some size lately.
 */
export async function recentPace(unit: Unit, now: Date): Promise<number | undefined> {
  const { pace } = await unit.one<{ pace: number | null }>(
    `SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY per_minute) AS pace FROM (
       SELECT t.n * 60 / greatest(extract(epoch FROM d.finished_at - d.sent_at), 1)::float8 AS per_minute
       FROM (SELECT id, sent_at, finished_at FROM distributions
             WHERE planned_at > $1 AND status = 'done' AND channel = 'email' AND parent_id IS NULL
               AND send_zone = 'author' AND pace IS NULL AND waves IS NULL AND sending_window IS NULL
             ORDER BY planned_at DESC LIMIT ${MOST_LOOKED_AT}) d
       JOIN distribution_tallies t ON t.distribution_id = d.id AND t.name = 'accepted' AND t.n >= ${ENOUGH_MAILS}
       WHERE d.sent_at IS NOT NULL AND d.finished_at IS NOT NULL
       ORDER BY d.finished_at DESC LIMIT ${SENDINGS}) recent`,
    [new Date(now.getTime() - LATELY_MS)],
  );
  return pace === null ? undefined : Math.max(1, pace);
}
