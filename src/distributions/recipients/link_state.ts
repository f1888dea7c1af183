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
  | 'partialAt'
  | 'finishedAt'
  | 'screenedOutAt'
  | 'quotaFullAt'
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
  const { linkId, linkRevokedAt, linkExpiresAt, startedAt, partialAt } = row;
  if (linkId === null) {
    return undefined;
  }
  if (linkType === 'Individual' && hasEnded(row)) {
    return 'spent';
  }
  if (linkRevokedAt !== null) {
    return 'revoked';
  }
  const hasBegun = linkType === 'Individual' && (startedAt ?? partialAt) !== null;
  return linkExpiresAt !== null && linkExpiresAt <= now && !hasBegun ? 'expired' : 'open';
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
