import type { LinkType } from '../composition.js';
import type { DistributionWords } from '../distribution_words.js';
import type { Actor } from '../../platform/auth/actor.js';
import type { LinkState, RecipientRow } from './recipients.sql.js';

type Linked = Pick<
  RecipientRow,
  | 'linkId'
  | 'linkRevokedAt'
  | 'linkExpiresAt'
  | 'startedAt'
  | 'finishedAt'
  | 'screenedOutAt'
  | 'quotaFullAt'
  | 'sessionExpiredAt'
  | 'isWalkClosed'
>;

/** Whether the person's walk came to an end of the survey: finished, screened out or quota full. */
export function hasEnded({
  finishedAt,
  screenedOutAt,
  quotaFullAt,
}: Pick<RecipientRow, 'finishedAt' | 'screenedOutAt' | 'quotaFullAt'>): boolean {
  return (finishedAt ?? screenedOutAt ?? quotaFullAt) !== null;
}

/** @returns undefined where the person has no link of their own */
export function linkStateOf(row: Linked, linkType: LinkType, now: Date): LinkState | undefined {
  if (row.linkId === null) {
    return undefined;
  }
  // Whoever has many walks by one link is never done with it.
  const walk = linkType === 'Individual' ? walkStateOf(row) : 'none';
  if (walk === 'ended') {
    return 'spent';
  }
  if (row.linkRevokedAt !== null) {
    return 'revoked';
  }
  if (walk === 'closed') {
    return 'closed';
  }
  return walk === 'none' && isOver(row, now) ? 'expired' : 'open';
}

/** Of a session that left nothing, there is none any more. */
function walkStateOf(row: Linked): 'none' | 'open' | 'closed' | 'ended' {
  if (hasEnded(row)) {
    return 'ended';
  }
  if (row.isWalkClosed) {
    return 'closed';
  }
  return row.startedAt === null || row.sessionExpiredAt !== null ? 'none' : 'open';
}

function isOver({ linkExpiresAt }: Linked, now: Date): boolean {
  return linkExpiresAt !== null && linkExpiresAt <= now;
}

/** One sentence about a link that lets nobody in any more; undefined for others. */
export function closedLinkWords(
  row: Linked,
  linkType: LinkType,
  { actor, words }: { actor: Actor; words: DistributionWords },
): string | undefined {
  const state = linkStateOf(row, linkType, words.now());
  if (state === undefined || state === 'open') {
    return undefined;
  }
  const at = state === 'revoked' ? row.linkRevokedAt : state === 'expired' ? row.linkExpiresAt : null;
  return words.say(`linkState.${state}`, at === null ? {} : { at: words.exact(actor, at) });
}
