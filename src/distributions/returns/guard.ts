import type { Unit } from '../../platform/db/database.js';

/** The first so many mails of a distribution tell whether its list is good. */
const FIRST = 500;
const BOUNCES = { share: 0.05, least: 10 };
const COMPLAINTS = { share: 0.003, least: 3 };

/** Why a distribution is stopped before it ruins its sender's name, or because its sender is refused. */
export type PauseReason = 'bounces' | 'complaints' | 'sender';

type GuardReason = Exclude<PauseReason, 'sender'>;

/**
 * Pauses a distribution of which more than 5 % of the first 500 bounced hard (10 at least), or more than 0.3 % of the
 * accepted mails were called spam (3 at least); unless somebody resumed it knowing that.
 * @returns why, when it was paused now
 */
export async function guard(unit: Unit, distributionId: string, now: Date): Promise<GuardReason | undefined> {
  const [found] = await unit.sql<{ tried: number; hard: number; accepted: number; complained: number }>(
    `SELECT count(*)::int AS tried,
       count(*) FILTER (WHERE bounce_type = 'hard' OR (state = 'failed' AND reason IN ('bad_address', 'mailbox_disabled', 'refused')))::int AS hard,
       (SELECT coalesce(sum(n), 0)::int FROM ${TALLY} AND name = 'accepted') AS accepted,
       (SELECT coalesce(sum(n), 0)::int FROM ${TALLY} AND name = 'complained') AS complained
     FROM (SELECT state, reason, bounce_type FROM messages
           WHERE distribution_id = $1 AND state IN ('accepted', 'failed', 'uncertain') ORDER BY brand_id, distribution_id, id LIMIT ${FIRST}) first`,
    [distributionId],
  );
  const reason = found === undefined ? undefined : reasonOf(found);
  if (reason === undefined || found === undefined) {
    return undefined;
  }
  const n = await unit.run(
    `UPDATE distributions SET status = 'paused', held_from = 'sending', held_at = $2, held_reason = NULL, retry_at = NULL,
       pause_reason = $3, pause_told_at = NULL, error_code = NULL, error_text = $4
     WHERE id = $1 AND NOT guard_waived AND (status = 'sending' OR (status = 'held' AND held_from = 'sending'))`,
    [distributionId, now, reason, wordsOf(reason, found)],
  );
  return n > 0 ? reason : undefined;
}

const TALLY = `(SELECT name, n FROM distribution_tallies WHERE distribution_id = $1
  UNION ALL SELECT name, n FROM distribution_tally_deltas WHERE distribution_id = $1) t WHERE true`;

interface Counted {
  tried: number;
  hard: number;
  accepted: number;
  complained: number;
}

export function reasonOf({ tried, hard, accepted, complained }: Counted): GuardReason | undefined {
  if (complained >= COMPLAINTS.least && complained > accepted * COMPLAINTS.share) {
    return 'complaints';
  }
  return hard >= BOUNCES.least && hard > tried * BOUNCES.share ? 'bounces' : undefined;
}

function wordsOf(reason: GuardReason, { tried, hard, accepted, complained }: Counted): string {
  return reason === 'bounces'
    ? `Paused by itself: ${hard} of the first ${tried} addresses do not exist or refuse mails for good. Providers take that for a bought list and put all mails of the sender off. Look where the list comes from before you resume.`
    : `Paused by itself: ${complained} of ${accepted} recipients called this mail spam. Providers accept 3 in 1,000 at most. Look whether these people expect it before you resume.`;
}

/** Keeps why a distribution was paused by itself, so that its owner is told. */
export async function notePause(unit: Unit, distributionId: string, reason: PauseReason): Promise<void> {
  await unit.run('UPDATE distributions SET pause_reason = $2, pause_told_at = NULL WHERE id = $1', [
    distributionId,
    reason,
  ]);
}

/**
 * Pauses a distribution when a report says that a server refuses its From address; unless that was told before: whoever
 * resumed it since knows.
 */
export async function pauseForSender(
  unit: Unit,
  { distributionId, evidence, now }: { distributionId: string; evidence: string; now: Date },
): Promise<void> {
  await unit.run(
    `UPDATE distributions d SET status = 'paused', held_from = 'sending', held_at = $2, held_reason = NULL, retry_at = NULL,
       pause_reason = 'sender', pause_told_at = NULL, error_code = NULL, error_text = $3
     WHERE id = $1 AND (status = 'sending' OR (status = 'held' AND held_from = 'sending'))
       AND NOT EXISTS (SELECT FROM distribution_alerts a WHERE a.distribution_id = d.id AND a.kind = 'sender')`,
    [
      distributionId,
      now,
      `Paused by itself: a mail came back because a server refuses this From address: ${evidence} If only that server does, resume it. Otherwise check the From address and the DNS records of its domain first.`,
    ],
  );
}

/** Somebody resumes it knowing why it was paused: it is not paused for its list again. */
export async function waiveGuard(unit: Unit, distributionId: string): Promise<void> {
  await unit.run(
    `UPDATE distributions SET guard_waived = guard_waived OR pause_reason <> 'sender', pause_reason = NULL
     WHERE id = $1 AND pause_reason IS NOT NULL`,
    [distributionId],
  );
}
