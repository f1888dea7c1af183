import type { Unit } from '../../platform/db/database.js';
import type { Distribution, DistributionStatus } from '../../ledger/distribution.entity.js';
import type { Counted } from '../../audiences/reached.sql.js';

/** What a follow-up depends on. */
export interface Followed {
  counted: Counted;
  sentAt: Date | null;
  deletedAt: Date | null;
  isInvitationOver: boolean;
  /** Nobody new can be reached by what it counts from. */
  isOver: boolean;
  /** Of the invitation. */
  mails: number;
}

const OVER: readonly DistributionStatus[] = ['done', 'cancelled', 'failed'];

/** The invitation, and the reminders before it that went or will go, where its days are counted from the last of them. */
export async function followedBy(unit: Unit, { id, parentId, afterWhat }: Distribution): Promise<Followed> {
  const rows = await unit.sql<{
    id: string;
    status: DistributionStatus;
    sentAt: Date | null;
    deletedAt: Date | null;
    mails: number;
  }>(
    `SELECT d.id, d.status, d.sent_at AS "sentAt", d.deleted_at AS "deletedAt", d.planned_mails AS mails FROM distributions d
     WHERE d.id = $2 OR ($3 = 'last_reminder' AND d.parent_id = $2 AND d.id < $1 AND d.request_type = 'Reminder'
       AND d.deleted_at IS NULL AND (d.sent_at IS NOT NULL OR d.status NOT IN ('draft', 'cancelled', 'failed')))
     ORDER BY d.id`,
    [id, parentId, afterWhat],
  );
  const invitation = rows.find((row) => row.id === parentId)!;
  const reminders = rows.filter((row) => row.id !== parentId);
  const last = reminders.at(-1);
  const openReminder = last === undefined || OVER.includes(last.status) ? null : last.id;
  const { sentAt, deletedAt, mails } = invitation;
  const isInvitationOver = OVER.includes(invitation.status);
  const counted = { reminders: reminders.map((row) => row.id), openReminder };
  return { counted, sentAt, deletedAt, isInvitationOver, isOver: isInvitationOver && openReminder === null, mails };
}

const WAITING: readonly DistributionStatus[] = ['scheduled', 'sending', 'held', 'paused'];

/** Whether a thank-you that goes at once takes new people: it was sent off, and nobody has stopped it. */
export function isSetLoose({ atOnce, status }: Distribution): boolean {
  return atOnce && WAITING.includes(status);
}
