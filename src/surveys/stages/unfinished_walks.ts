import type { Unit } from '../../platform/db/database.js';

/** Beyond this many a page says "1,000+": it never counts a million rows. */
export const COUNT_LIMIT = 1000;

/** Somebody who sent no page for longer has, as far as anybody can tell, left. Said in the words beside the number. */
const ACTIVE_MS = 15 * 60_000;

/** People in the middle of a survey. Each number stops at 1,000 and one more; previews are nobody. */
export interface UnfinishedWalks {
  /** Sent a page within the last 15 minutes. */
  active: number;
  /** All who have begun and may still go on, the active ones among them. */
  unfinished: number;
}

export const NOBODY_INSIDE: UnfinishedWalks = { active: 0, unfinished: 0 };

export async function unfinishedWalks(unit: Unit, surveyId: string, now: Date): Promise<UnfinishedWalks> {
  return unit.one<UnfinishedWalks>(
    `SELECT
       (SELECT count(*)::int FROM (SELECT FROM sessions WHERE survey_id = $1 AND state = 'open' AND status <> 1
          AND last_activity_at > $2 LIMIT ${COUNT_LIMIT + 1}) s) AS active,
       (SELECT count(*)::int FROM (SELECT FROM sessions WHERE survey_id = $1 AND state = 'open' AND status <> 1
          AND (expires_at IS NULL OR expires_at > $3) LIMIT ${COUNT_LIMIT + 1}) s) AS unfinished`,
    [surveyId, new Date(now.getTime() - ACTIVE_MS), now],
  );
}

/** "1,000+" above the limit of the count. */
export function countWords(count: number): string {
  return count > COUNT_LIMIT ? '1,000+' : new Intl.NumberFormat('en').format(count);
}
