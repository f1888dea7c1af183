import type { LinkType } from '../composition.js';
import type { DistributionWords } from '../distribution_words.js';
import type { Actor } from '../../platform/auth/actor.js';
import type { LinkState, RecipientRow } from './recipients.sql.js';

type Linked = Pick<
  RecipientRow,
  'linkId' | 'linkRevokedAt' | 'linkExpiresAt' | 'startedAt' | 'partialAt' | 'finishedAt'
>;

/** @returns undefined where the person has no link of their own */
export function linkStateOf(row: Linked, linkType: LinkType, now: Date): LinkState | undefined {
  const { linkId, linkRevokedAt, linkExpiresAt, startedAt, partialAt, finishedAt } = row;
  if (linkId === null) {
    return undefined;
  }
  if (linkType === 'Individual' && finishedAt !== null) {
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
