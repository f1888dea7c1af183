import type { Actor } from '../../platform/auth/actor.js';
import type { Distribution } from '../../ledger/distribution.entity.js';
import type { DistributionWords } from '../../ledger/distribution_words.js';

/** Until when links can be opened: a date, or days that count from sending; nothing for the anonymous link. */
export function expiryFact(
  actor: Actor,
  { linkType, linkDays, linkExpiresAt }: Pick<Distribution, 'linkType' | 'linkDays' | 'linkExpiresAt'>,
  words: DistributionWords,
): { label: string; value: string }[] {
  if (linkType === 'Anonymous') {
    return [];
  }
  const value = linkExpiresAt === null ? words.counted('mail.expiryDays', linkDays) : words.exact(actor, linkExpiresAt);
  return [{ label: words.say('mail.expiry'), value }];
}
