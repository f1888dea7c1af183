import type { Disclosure } from '../../responses/disclosures.service.js';
import type { Distribution } from '../distribution.entity.js';
import { linkStateOf } from './link_state.js';
import type { RecipientRow } from './recipients.sql.js';

/** Rows as their reader may have them. A thank-you that goes at once tells by its own time when somebody finished. */
export function disclosedRows<R extends RecipientRow>(
  disclosure: Disclosure,
  { linkType, tellsFinishing }: Pick<Distribution, 'linkType' | 'tellsFinishing'>,
  rows: R[],
  now: Date,
): R[] {
  return rows.map((row) => {
    const told = { ...disclosure.participation(row), linkState: linkStateOf(row, linkType, now) };
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
