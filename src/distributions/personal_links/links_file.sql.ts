import type { Unit } from '../../platform/db/database.js';
import type { Exactness } from '../../responses/disclosures.service.js';
import type { RecipientSnapshot } from '../../ledger/ledger.sql.js';

/** One personal link with its person and what came of it, as the file shows it. */
export interface LinkRow {
  id: string;
  contactId: string | null;
  linkId: string | null;
  recipient: RecipientSnapshot;
  address: string;
  state: string;
  /** Why no link was made, and since when. */
  reason: string | null;
  reasonAt: Date | null;
  expiresAt: string | null;
  isExpired: boolean;
  linkRevokedAt: Date | null;
  startedAt: string | null;
  partialAt: Date | null;
  finishedAt: string | null;
  screenedOutAt: Date | null;
  quotaFullAt: Date | null;
  /** Whichever end of the survey it was. */
  endedAt: string | null;
  sessionExpiredAt: Date | null;
  openedAt: Date | null;
}

const ISO = `'YYYY-MM-DD"T"HH24:MI:SS"Z"'`;

/** Whoever may not see who answered what is told of every end that it is one. */
const FINISHED = `coalesce(m.finished_at, CASE WHEN $5 <> 'second' THEN coalesce(m.screened_out_at, m.quota_full_at) END)`;
const ENDED = `CASE WHEN $5 = 'second' THEN m.screened_out_at END AS "screenedOutAt",
       CASE WHEN $5 = 'second' THEN m.quota_full_at END AS "quotaFullAt",`;

/**
 * One page in the order of planning. Dates come as they are written into the file: making them here a million times costs
 * more than the rest of a line.
 */
export function linkRows(
  unit: Unit,
  distributionId: string,
  { after, size, now, exactness }: { after: string; size: number; now: Date; exactness: Exactness },
): Promise<LinkRow[]> {
  return unit.prepared<LinkRow>(
    'links-file',
    `SELECT m.id, m.contact_id AS "contactId", m.link_id AS "linkId", m.recipient, m.address, m.state, m.reason, m.reason_at AS "reasonAt",
       to_char(l.expires_at AT TIME ZONE 'UTC', ${ISO}) AS "expiresAt", coalesce(l.expires_at <= $4, false) AS "isExpired",
       l.revoked_at AS "linkRevokedAt", to_char(date_trunc($5, m.started_at AT TIME ZONE 'UTC'), ${ISO}) AS "startedAt", m.partial_at AS "partialAt",
       to_char(date_trunc($5, ${FINISHED} AT TIME ZONE 'UTC'), ${ISO}) AS "finishedAt",
       to_char(date_trunc($5, coalesce(m.finished_at, m.screened_out_at, m.quota_full_at) AT TIME ZONE 'UTC'), ${ISO}) AS "endedAt",
       ${ENDED} m.session_expired_at AS "sessionExpiredAt", m.opened_at AS "openedAt"
     FROM messages m LEFT JOIN links l ON l.brand_id = m.brand_id AND l.id = m.link_id
     WHERE m.distribution_id = $1 AND m.id > $2 ORDER BY m.id LIMIT $3`,
    [distributionId, after, size, now, exactness],
  );
}
