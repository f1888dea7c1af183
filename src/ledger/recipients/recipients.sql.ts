import type { Unit } from '../../platform/db/database.js';
import type { Exactness } from '../../responses/disclosures.service.js';
import { hasEnded } from '../finished.sql.js';
import type { RecipientSnapshot } from '../ledger.sql.js';
import type { MessageState } from '../message.entity.js';

/**
 * What somebody meets who opens a person's link: `open` lets them in, also where they have begun and the time is over;
 * `closed`: the walk by it was recorded before its end.
 */
export type LinkState = 'open' | 'revoked' | 'expired' | 'spent' | 'closed';

/** One recipient of a distribution with all that happened, as pages, files and programs show it. */
export interface RecipientRow {
  id: string;
  contactId: string | null;
  linkId: string | null;
  address: string;
  recipient: RecipientSnapshot;
  state: MessageState;
  reason: string | null;
  reasonAt: Date | null;
  runAt: Date | null;
  attempts: number;
  resends: number;
  resendAt: Date | null;
  lastCode: number | null;
  lastText: string | null;
  wireAt: Date | null;
  datedAt: Date | null;
  acceptedAt: Date | null;
  bounceType: string | null;
  bouncedAt: Date | null;
  complainedAt: Date | null;
  openedAt: Date | null;
  startedAt: Date | null;
  partialAt: Date | null;
  finishedAt: Date | null;
  screenedOutAt: Date | null;
  quotaFullAt: Date | null;
  sessionExpiredAt: Date | null;
  optedOutAt: Date | null;
  responseId: string | null;
  linkExpiresAt: Date | null;
  linkRevokedAt: Date | null;
  isUnsubscribed: boolean;
  /** The contact's address by now; null for a contact that is gone. */
  contactEmail: string | null;
  sessionId: string | null;
  /** The walk by this link was recorded as a partial response. */
  isWalkClosed: boolean;
  /** How exactly the times of what the person did are told. */
  exactness?: Exactness;
  /** Undefined where the person has no link of their own. */
  linkState?: LinkState | undefined;
}

/** Which recipients of a distribution; the parts narrow one another. */
export interface RecipientFilter {
  distributionId: string;
  states?: MessageState[];
  reason?: string;
  /** Something that happened after the mail was accepted. */
  event?: RecipientEvent | 'ended';
  /** A part of the address, in any case. */
  search?: string;
  messageId?: string;
}

/** Names of counters that are dates of the row. */
export const EVENTS = {
  bounced: 'bounced_at',
  complained: 'complained_at',
  opened: 'opened_at',
  started: 'started_at',
  partial: 'partial_at',
  finished: 'finished_at',
  screened_out: 'screened_out_at',
  quota_full: 'quota_full_at',
  session_expired: 'session_expired_at',
  opted_out: 'opted_out_at',
} as const;
export type RecipientEvent = keyof typeof EVENTS;

/** That an event happened to message `m`, as SQL; `ended`: finished, screened out or quota full. */
function happened(event: RecipientEvent | 'ended'): string {
  return event === 'ended' ? hasEnded('m') : `m.${EVENTS[event]} IS NOT NULL`;
}

export const RECIPIENT = `m.id, m.contact_id AS "contactId", m.link_id AS "linkId", m.address, m.recipient, m.state, m.reason,
  m.reason_at AS "reasonAt", m.run_at AS "runAt", m.attempts, m.resends, m.resend_at AS "resendAt", m.last_code AS "lastCode",
  m.last_text AS "lastText", m.wire_at AS "wireAt", m.dated_at AS "datedAt", m.accepted_at AS "acceptedAt",
  m.bounce_type AS "bounceType", m.bounced_at AS "bouncedAt", m.complained_at AS "complainedAt", m.opened_at AS "openedAt",
  m.started_at AS "startedAt", m.partial_at AS "partialAt", m.finished_at AS "finishedAt",
  m.screened_out_at AS "screenedOutAt", m.quota_full_at AS "quotaFullAt", m.session_expired_at AS "sessionExpiredAt", m.opted_out_at AS "optedOutAt",
  m.response_id AS "responseId", l.expires_at AS "linkExpiresAt", l.revoked_at AS "linkRevokedAt",
  (c.opted_out_at IS NOT NULL OR p.opted_out_at IS NOT NULL) AS "isUnsubscribed", c.email AS "contactEmail", s.id AS "sessionId",
  coalesce(s.state = 'partial', false) AS "isWalkClosed"`;

/** One page in the order of planning, one row more than `size`; the index on (distribution, id) answers it at any size. */
export function recipientsPage(
  unit: Unit,
  { distributionId, states, reason, event, search, messageId }: RecipientFilter,
  { size, after, skip }: { size: number; after?: string | undefined; skip?: number | undefined },
): Promise<RecipientRow[]> {
  const escaped = search?.toLowerCase().replaceAll(/[\\%_]/g, String.raw`\$&`);
  return unit.sql<RecipientRow>(
    `SELECT ${RECIPIENT} FROM messages m
     JOIN distributions d ON d.brand_id = m.brand_id AND d.id = m.distribution_id
     LEFT JOIN links l ON l.brand_id = m.brand_id AND l.id = m.link_id
     LEFT JOIN contacts c ON c.brand_id = m.brand_id AND c.id = m.contact_id
     LEFT JOIN contact_list_members p ON p.brand_id = m.brand_id AND p.list_id = d.list_id AND p.contact_id = m.contact_id
     LEFT JOIN sessions s ON s.brand_id = m.brand_id AND s.single_link_id = m.link_id
     WHERE m.distribution_id = $1 AND ($2::bigint IS NULL OR m.id > $2) AND ($4::text[] IS NULL OR m.state = ANY ($4))
       AND ($5::text IS NULL OR m.reason = $5) AND ($6::text IS NULL OR lower(m.address) LIKE $6)
       AND ($7::bigint IS NULL OR m.id = $7) ${event === undefined ? '' : `AND ${happened(event)}`}
     ORDER BY m.id LIMIT $3 OFFSET $8`,
    [
      distributionId,
      after ?? null,
      size + 1,
      states ?? null,
      reason ?? null,
      escaped === undefined ? null : `%${escaped}%`,
      messageId ?? null,
      skip ?? 0,
    ],
  );
}

export interface AttemptRow {
  number: number;
  startedAt: Date;
  endedAt: Date | null;
  phase: string;
  outcome: string;
  host: string | null;
  code: number | null;
  enhanced: string | null;
  reply: string | null;
  queueId: string | null;
}

export function attemptsOf(unit: Unit, messageId: string): Promise<AttemptRow[]> {
  return unit.sql<AttemptRow>(
    `SELECT number, started_at AS "startedAt", ended_at AS "endedAt", phase, outcome, host, code, enhanced, reply,
       queue_id AS "queueId"
     FROM message_attempts WHERE message_id = $1 ORDER BY id`,
    [messageId],
  );
}

/** How many rows there are for each reason. */
export function reasonsOf(
  unit: Unit,
  distributionId: string,
): Promise<{ state: MessageState; reason: string; n: number }[]> {
  return unit.sql(
    `SELECT state, reason, count(*)::int AS n FROM messages WHERE distribution_id = $1 AND reason IS NOT NULL
     GROUP BY 1, 2 ORDER BY n DESC, reason`,
    [distributionId],
  );
}

/** Keys of embedded data in a distribution's snapshots, looked for among the first thousand. */
export async function embeddedNames(unit: Unit, distributionId: string): Promise<string[]> {
  const rows = await unit.sql<{ name: string }>(
    `SELECT DISTINCT name FROM (SELECT recipient -> 'embedded' AS embedded FROM messages WHERE distribution_id = $1 ORDER BY id LIMIT 1000) s,
       LATERAL jsonb_object_keys(s.embedded) AS name ORDER BY name`,
    [distributionId],
  );
  return rows.map(({ name }) => name);
}
