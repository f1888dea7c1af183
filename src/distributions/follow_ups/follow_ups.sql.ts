import type { Unit } from '../../platform/db/database.js';
import type { Distribution, DistributionStatus } from '../distribution.entity.js';

/** What a follow-up's time is counted from. */
export interface Reference {
  id: string;
  status: DistributionStatus;
  finishedAt: Date | null;
  sentAt: Date | null;
  deletedAt: Date | null;
}

/** The last reminder before it that went or will go, where its time is counted from that; else the invitation. */
export function referenceOf(unit: Unit, { id, parentId, afterWhat }: Distribution): Promise<Reference> {
  return unit.one<Reference>(
    `SELECT d.id, d.status, d.finished_at AS "finishedAt", d.sent_at AS "sentAt", d.deleted_at AS "deletedAt" FROM distributions d
     WHERE d.id = $2 OR ($3 = 'last_reminder' AND d.parent_id = $2 AND d.id < $1 AND d.request_type = 'Reminder'
       AND d.deleted_at IS NULL AND (d.sent_at IS NOT NULL OR d.status NOT IN ('draft', 'cancelled', 'failed')))
     ORDER BY d.id DESC LIMIT 1`,
    [id, parentId, afterWhat],
  );
}

const WAITING: readonly DistributionStatus[] = ['scheduled', 'sending', 'held', 'paused'];

/** Whether a thank-you that goes at once takes new people: it was sent off, and nobody has stopped it. */
export function isSetLoose({ atOnce, status }: Distribution): boolean {
  return atOnce && WAITING.includes(status);
}
