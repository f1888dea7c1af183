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

/** Public facts of the follow-ups below some invitations. */
export function childrenOf(unit: Unit, invitations: string[]): Promise<{ id: string; parentId: string }[]> {
  return unit.sql(
    `SELECT id, parent_id AS "parentId" FROM distributions WHERE parent_id = ANY ($1) AND deleted_at IS NULL ORDER BY id`,
    [invitations],
  );
}

/** New thank-you mails that nothing is reserved for. */
export async function unpaidMessages(unit: Unit, id: string): Promise<number> {
  const { n } = await unit.one<{ n: number }>(
    `SELECT count(*)::int AS n FROM messages WHERE distribution_id = $1 AND state = 'queued' AND reserved_hour IS NULL AND run_at IS NOT NULL`,
    [id],
  );
  return n;
}

/** The hour pays for them; without one they wait for their share of the weekly limit. */
export async function payMessages(unit: Unit, id: string, hour: Date | null): Promise<void> {
  await unit.run(
    `UPDATE messages SET reserved_hour = $2, run_at = CASE WHEN $2::timestamptz IS NOT NULL THEN run_at END
     WHERE distribution_id = $1 AND state = 'queued' AND reserved_hour IS NULL AND run_at IS NOT NULL`,
    [id, hour],
  );
}
