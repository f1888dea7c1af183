import type { Bindings } from '../platform/db/bindings.js';
import type { Distribution } from '../ledger/distribution.entity.js';
import { recipientZone } from './recipient_zones.sql.js';

/** When mails of a zone leave first. */
export interface FirstLeave {
  zone: string;
  at: Date;
}

/**
 * Parts of a statement over messages `i` and contacts `c` that keep those whom the invitation had reached, or who had
 * finished, when the first mails of their zone left, and who have none of the follow-up.
 */
export function inTime(
  followUp: Distribution,
  leaves: readonly FirstLeave[],
  bindings: Bindings,
): { join: string; condition: string } {
  const reached =
    followUp.requestType === 'ThankYou'
      ? 'coalesce(i.finished_at, i.screened_out_at, i.quota_full_at)'
      : 'coalesce(i.accepted_at, i.wire_at, i.dated_at)';
  const join = `JOIN jsonb_to_recordset(${bindings.put(JSON.stringify(leaves))}::jsonb) AS leave (zone text, at timestamptz)
     ON leave.zone = ${recipientZone('c', followUp, bindings)}`;
  const condition = `${reached} <= leave.at
     AND NOT EXISTS (SELECT FROM messages o WHERE o.brand_id = i.brand_id AND o.distribution_id = ${bindings.put(followUp.id)}
       AND o.contact_id = i.contact_id)`;
  return { join, condition };
}
