import type { Unit } from '../platform/db/database.js';
import type { Distribution, DistributionStatus } from '../ledger/distribution.entity.js';

/** The invitation as far as its reminders and thank-yous depend on it. */
interface Invitation {
  status: DistributionStatus;
  send_at: Date | null;
  sent_at: Date | null;
  deleted_at: Date | null;
}

const OVER: readonly DistributionStatus[] = ['cancelled', 'failed'];

/**
 * What of the invitation stands in the way of a reminder or a thank-you: deleted (EQD14), or not sent when it is to go
 * (EQD16). One that is still to come may be planned for a later time.
 */
export async function invitationFault(
  unit: Unit,
  followUp: Distribution,
  now: Date,
): Promise<'EQD14' | 'EQD16' | undefined> {
  const [invitation] = await unit.sql<Invitation>(
    'SELECT status, send_at, sent_at, deleted_at FROM distributions WHERE id = $1',
    [followUp.parentId],
  );
  if (invitation === undefined || invitation.deleted_at !== null) {
    return 'EQD14';
  }
  return invitation.sent_at === null && isTooEarly(followUp, invitation, now) ? 'EQD16' : undefined;
}

function isTooEarly({ sendAt, waitsForAnother }: Distribution, { status, send_at }: Invitation, now: Date): boolean {
  if (OVER.includes(status)) {
    return true;
  }
  return !waitsForAnother && (sendAt === null || sendAt <= now || (send_at !== null && sendAt <= send_at));
}
