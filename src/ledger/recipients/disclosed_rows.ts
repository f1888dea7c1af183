import type { Disclosure } from '../../responses/disclosures.service.js';
import { TURNED_AWAY } from '../reasons.js';
import type { Distribution } from '../distribution.entity.js';
import { linkStateOf } from './link_state.js';
import type { RecipientFilter, RecipientRow } from './recipients.sql.js';

/** Rows as their reader may have them. A thank-you that goes at once tells by its own time when somebody finished. */
export function disclosedRows<R extends RecipientRow>(
  disclosure: Disclosure,
  { linkType, tellsFinishing }: Pick<Distribution, 'linkType' | 'tellsFinishing'>,
  rows: R[],
  now: Date,
): R[] {
  return rows.map((row) => {
    const reason = reasonFor(disclosure, row.reason);
    const told = { ...disclosure.participation(row), reason, linkState: linkStateOf(row, linkType, now) };
    return tellsFinishing
      ? {
          ...told,
          datedAt: disclosure.following(row.datedAt),
          runAt: disclosure.following(row.runAt),
          wireAt: disclosure.following(row.wireAt),
          acceptedAt: disclosure.following(row.acceptedAt),
        }
      : told;
  });
}

/** Whom a survey has turned away has finished, for readers who may not see who answered what. */
function reasonFor<R extends string | null>({ showsPeople }: Disclosure, reason: R): R | 'finished' {
  return !showsPeople && reason !== null && TURNED_AWAY.includes(reason) ? 'finished' : reason;
}

/** Counted reasons as their reader may have them. */
export function disclosedReasons<R extends { state?: string; reason: string; n: number }>(
  disclosure: Disclosure,
  counted: R[],
): R[] {
  const told = counted.map((one) => ({ ...one, reason: reasonFor(disclosure, one.reason) }));
  return [...Map.groupBy(told, ({ state, reason }) => `${state ?? ''} ${reason}`).values()].map((alike) => ({
    ...alike[0]!,
    n: alike.reduce((sum, { n }) => sum + n, 0),
  }));
}

/** What this reader may look for: everybody who came to an end has finished where the ends are not told. */
export function filterFor({ showsPeople }: Disclosure, filter: RecipientFilter): RecipientFilter {
  const isOfEnd = filter.event === 'finished' || TURNED_AWAY.includes(filter.event ?? '');
  return isOfEnd && !showsPeople ? { ...filter, event: 'ended' } : filter;
}
