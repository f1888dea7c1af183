import type { Unit } from '../../platform/db/database.js';
import { type Pause, pause, type PauseReason } from '../../ledger/own_pauses.sql.js';
import { isRefusedEverywhere, isSaidBySeveral, isSpread, type Spread, together, total } from './evidence.js';
import { type Counted, countHeld, FIRST } from './evidence.sql.js';

const BOUNCES = { share: 0.05, least: 10 };
/** 0.3 % is what receivers bear; a few people of a small audience are no part of it. */
const COMPLAINTS = { share: 0.003, least: 5, leastOfFew: 3, few: 0.02, enough: 50, judges: 2 };

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
