import { suppressIn } from '../../contacts/contacts.service.js';
import type { Verdict } from '../../mailer/answers/classify.js';
import type { Unit } from '../../platform/db/database.js';

/** A refusal of one message, by the server at once or by a report later. */
export interface AddressFailure {
  messageId: string;
  verdict: Verdict;
  /** The server's words. */
  evidence: string;
}

/** Nobody lives for ever at a full mailbox, and somebody may clear it: such a suppression ends. */
const SOFT_LASTS_DAYS = 90;

/**
 * Notes what refusals say about addresses. A bad address is suppressed at once, a disabled mailbox after the second
 * time in 30 days, a domain that does not exist after two looks 24 hours apart, soft failures after three distributions
 * over 15 days without a mail taken in between. Safe to repeat.
 */
export async function noteFailures(
  unit: Unit,
  { brandId, failures, now }: { brandId: string; failures: readonly AddressFailure[]; now: Date },
): Promise<void> {
  const relevant = failures.filter(({ verdict }) => verdict.suppress !== 'none');
  if (relevant.length === 0) {
    return;
  }
  const rows = await unit.sql<{ id: string; address: string; distributionId: string; contactId: string | null }>(
    `SELECT id, address, distribution_id AS "distributionId", contact_id AS "contactId" FROM messages WHERE id = ANY ($1)`,
    [relevant.map(({ messageId }) => messageId)],
  );
  const byId = new Map(rows.map((row) => [row.id, row]));
  for (const failure of relevant) {
    const message = byId.get(failure.messageId);
    if (message !== undefined && message.address !== '') {
      await noteOne(unit, { ...failure, ...message, brandId, now });
    }
  }
}

interface Noted extends AddressFailure {
  address: string;
  distributionId: string;
  contactId: string | null;
  brandId: string;
  now: Date;
}

async function noteOne(unit: Unit, failure: Noted): Promise<void> {
  const { verdict } = failure;
  if (verdict.suppress === 'now') {
    await suppressed(unit, failure, 'bad_address', null);
  } else if (verdict.suppress === 'after_day' && (await hasFailedBefore(unit, failure, 'no_domain'))) {
    await suppressed(unit, failure, 'bad_address', null);
  } else if (verdict.suppress === 'after_second' && (await hasFailedBefore(unit, failure, 'disabled'))) {
    await suppressed(unit, failure, 'mailbox_disabled', null);
  } else if (verdict.suppress === 'soft' && (await isSoftForLong(unit, failure))) {
    const until = new Date(failure.now.getTime() + SOFT_LASTS_DAYS * 86_400_000);
    await suppressed(unit, failure, 'soft_bounces', until);
  }
}

function suppressed(unit: Unit, failure: Noted, reason: string, expiresAt: Date | null): Promise<void> {
  const { brandId, address, evidence, now, messageId } = failure;
  return suppressIn(unit, brandId, { address, reason, evidence, at: now, expiresAt, messageId });
}

/** Another message in 30 days, or (a domain that is missing) any look at least a day earlier. */
async function hasFailedBefore(unit: Unit, failure: Noted, kind: 'disabled' | 'no_domain'): Promise<boolean> {
  await note(unit, failure, kind);
  const { known } = await unit.one<{ known: boolean }>(
    `SELECT EXISTS (SELECT FROM address_failures WHERE address_hash = suppression_hash($1) AND kind = $2
       AND at > $3::timestamptz - interval '30 days'
       AND CASE WHEN kind = 'disabled' THEN message_id <> $4 ELSE at <= $3::timestamptz - interval '24 hours' END) AS known`,
    [failure.address, kind, failure.now, failure.messageId],
  );
  return known;
}

/** A mail that a server took since, and that did not come back, forgives all soft failures before it. */
async function isSoftForLong(unit: Unit, failure: Noted): Promise<boolean> {
  await note(unit, failure, 'soft');
  const { known } = await unit.one<{ known: boolean }>(
    `WITH taken AS (
       SELECT max(m.accepted_at) AS at FROM address_failures f
       JOIN distributions d ON d.brand_id = f.brand_id AND d.planned_at IS NOT NULL AND d.channel = 'email'
         AND d.planned_at > f.at - interval '30 days'
       JOIN messages m ON m.brand_id = d.brand_id AND m.distribution_id = d.id AND m.contact_id = $2 AND m.state = 'accepted'
         AND m.bounced_at IS NULL
       WHERE f.address_hash = suppression_hash($1) AND f.kind = 'soft')
     SELECT count(DISTINCT f.distribution_id) >= 3 AND max(f.at) - min(f.at) >= interval '15 days' AS known
     FROM address_failures f, taken
     WHERE f.address_hash = suppression_hash($1) AND f.kind = 'soft' AND f.at > coalesce(taken.at, '-infinity')`,
    [failure.address, failure.contactId],
  );
  return known;
}

async function note(unit: Unit, failure: Noted, kind: 'soft' | 'disabled' | 'no_domain'): Promise<void> {
  const { brandId, address, distributionId, messageId, now } = failure;
  await unit.run(
    `INSERT INTO address_failures (brand_id, address_hash, kind, distribution_id, message_id, at)
     SELECT $1, suppression_hash($2), $3, $4, $5, $6
     WHERE NOT EXISTS (SELECT FROM address_failures WHERE address_hash = suppression_hash($2) AND kind = $3 AND message_id = $5
                       AND at > $6::timestamptz - interval '1 hour')`,
    [brandId, address, kind, distributionId, messageId, now],
  );
}
