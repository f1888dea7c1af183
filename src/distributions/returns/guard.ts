import type { Unit } from '../../platform/db/database.js';
import { isRefusedEverywhere, isSaidBySeveral, isSpread, type Spread, together, total } from './evidence.js';
import { type Counted, countHeld, FIRST } from './evidence.sql.js';

const BOUNCES = { share: 0.05, least: 10 };
/** 0.3 % is what receivers bear; a few people of a small audience are no part of it. */
const COMPLAINTS = { share: 0.003, least: 5, leastOfFew: 3, few: 0.02, enough: 50, judges: 2 };

/** Why a distribution is stopped before it ruins its sender's name, or because its sender is refused. */
export type PauseReason = 'bounces' | 'complaints' | 'sender' | 'reputation' | 'content';

interface Pause {
  reason: PauseReason;
  words: string;
}

/**
 * Pauses a distribution on evidence from several recipients at several providers (`docs/decisions/008`); for each reason
 * once, as whoever resumed it knows. One recipient's server or report pauses nothing.
 * @returns why, when it was paused now
 */
export async function guard(unit: Unit, distributionId: string, now: Date): Promise<PauseReason | undefined> {
  const counted = await countHeld(unit, distributionId, now);
  for (const { reason, words } of counted === undefined ? [] : pausesFor(counted)) {
    if (await pause(unit, { distributionId, reason, words, now })) {
      return reason;
    }
  }
  return undefined;
}

/** All that speaks for a pause, the gravest first. */
export function pausesFor(counted: Counted): Pause[] {
  const { hard, evidence } = counted;
  const complaints = evidence('complaint', 'report');
  const bounces = together(hard.wire, hard.report);
  const sender = together(evidence('sender', 'wire'), evidence('sender', 'report'));
  const reputation = evidence('reputation', 'report');
  const content = evidence('content', 'report');
  return [
    ...(isAnnoying(complaints, counted) ? [{ reason: 'complaints', words: complaintWords(complaints, counted) }] : []),
    ...(isBadList(counted) ? [{ reason: 'bounces', words: bounceWords(bounces, counted) }] : []),
    ...(isSenderRefused(counted) ? [{ reason: 'sender', words: SENDER(sender) }] : []),
    ...(isSaidBySeveral(reputation, counted) ? [{ reason: 'reputation', words: REPUTATION(reputation) }] : []),
    ...(isSaidBySeveral(content, counted) ? [{ reason: 'content', words: CONTENT(content) }] : []),
  ] as Pause[];
}

function isAnnoying(complaints: Spread, counted: Counted): boolean {
  const { share, least, leastOfFew, few, enough, judges } = COMPLAINTS;
  const n = total(complaints);
  const needed = Math.max(leastOfFew, Math.min(least, Math.ceil(counted.audience * few)));
  const ofAudience = Math.min(enough, counted.audience * share);
  return n >= needed && n > counted.accepted * share && n >= ofAudience && isSpread(complaints, counted, judges);
}

/** What our own tries heard counts at once; reports only as a part of all first mails, so that early ones weigh no more. */
function isBadList(counted: Counted): boolean {
  const { hard, tried, audience } = counted;
  const isBad = (spread: Spread, of: number): boolean => {
    const n = total(spread);
    return n >= BOUNCES.least && n > of * BOUNCES.share && isSpread(spread, counted);
  };
  return isBad(hard.wire, tried) || isBad(together(hard.wire, hard.report), Math.max(tried, Math.min(FIRST, audience)));
}

function isSenderRefused(counted: Counted): boolean {
  const wire = counted.evidence('sender', 'wire');
  const all = together(wire, counted.evidence('sender', 'report'));
  return isRefusedEverywhere(wire, counted) || isSaidBySeveral(all, counted);
}

function bounceWords(bounces: Spread, { tried }: Counted): string {
  return `Paused by itself: ${total(bounces)} of the first ${tried} addresses do not exist or refuse mails for good. Providers take that for a bought list and put all mails of the sender off. Look where the list comes from before you resume.`;
}

function complaintWords(complaints: Spread, { accepted }: Counted): string {
  return `Paused by itself: ${total(complaints)} of ${accepted} recipients called this mail spam. Providers accept 3 in 1,000 at most. Look whether these people expect it before you resume.`;
}

const THEIR_WORDS = 'What the servers said stands above the list of recipients.';

const SENDER = (spread: Spread): string =>
  `Paused by itself: the servers of ${whose(spread)} refuse mails from this From address. Check the From address and the DNS records of its domain before you resume it, and try the failed ones again. ${THEIR_WORDS}`;

const REPUTATION = (spread: Spread): string =>
  `Paused by itself: mails to ${whose(spread)} came back because their sender is not trusted there. Check the DNS records of the From domain and whether these people expect mails before you resume it. ${THEIR_WORDS}`;

const CONTENT = (spread: Spread): string =>
  `Paused by itself: mails to ${whose(spread)} came back for what stands in them. Send a preview to yourself, and look at its links and its size before you resume it. ${THEIR_WORDS}`;

function whose(spread: Spread): string {
  const providers = spread.size === 1 ? 'one provider' : `${spread.size} providers`;
  return `${total(spread)} recipients at ${providers}`;
}

/** @returns false when it was paused for that before, or is not being sent any more */
async function pause(
  unit: Unit,
  { distributionId, reason, words, now }: Pause & { distributionId: string; now: Date },
): Promise<boolean> {
  const isOfList = reason === 'bounces' || reason === 'complaints';
  const n = await unit.run(
    `UPDATE distributions d SET status = 'paused', held_from = 'sending', held_at = $2, held_reason = NULL, retry_at = NULL,
       pause_reason = $3, error_code = NULL, error_text = $4
     WHERE id = $1 AND (status = 'sending' OR (status = 'held' AND held_from = 'sending')) AND NOT ($5 AND guard_waived)
       AND NOT EXISTS (SELECT FROM distribution_alerts a WHERE a.distribution_id = d.id AND a.kind = $3 AND a.paused_at IS NOT NULL)`,
    [distributionId, now, reason, words, isOfList],
  );
  if (n > 0 && !isOfList) {
    await unit.run('UPDATE distribution_alerts SET paused_at = $3 WHERE distribution_id = $1 AND kind = $2', [
      distributionId,
      reason,
      now,
    ]);
  }
  return n > 0;
}

/** Keeps why a distribution was paused by itself, so that its owner is told. */
export async function notePause(unit: Unit, distributionId: string, reason: PauseReason): Promise<void> {
  await unit.run('UPDATE distributions SET pause_reason = $2 WHERE id = $1', [distributionId, reason]);
}

/** Somebody resumes it knowing why it was paused: it is not paused for its list again. */
export async function waiveGuard(unit: Unit, distributionId: string): Promise<void> {
  await unit.run(
    `UPDATE distributions SET guard_waived = guard_waived OR pause_reason IN ('bounces', 'complaints'), pause_reason = NULL
     WHERE id = $1 AND pause_reason IS NOT NULL`,
    [distributionId],
  );
}
