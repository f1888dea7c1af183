import { distributionMoves } from './distribution_moves.js';
import type { Unit } from '../platform/db/database.js';

/** Why a distribution is stopped before it ruins its sender's name, or because its sender is refused. */
export type PauseReason = 'bounces' | 'complaints' | 'sender' | 'reputation' | 'content';

export interface Pause {
  reason: PauseReason;
  words: string;
}

/** @returns false when it was paused for that before, or is not being sent any more */
export async function pause(
  unit: Unit,
  { distributionId, reason, words, now }: Pause & { distributionId: string; now: Date },
): Promise<boolean> {
  const isOfList = reason === 'bounces' || reason === 'complaints';
  const n = await unit.run(
    `UPDATE distributions d SET ${distributionMoves.set('paused')}, held_from = 'sending', held_at = $2,
       held_reason = NULL, retry_at = NULL,
       pause_reason = $3, error_code = NULL, error_text = $4
     WHERE id = $1 AND (status = 'sending' OR (status = 'held' AND held_from = 'sending')) AND NOT ($5 AND guard_waived)
       AND NOT EXISTS (SELECT FROM distribution_alerts a WHERE a.distribution_id = d.id AND a.kind = $3 AND a.paused_at IS NOT NULL)`,
    [distributionId, now, reason, words, isOfList],
  );
  if (n > 0 && !isOfList) {
    await unit.run('UPDATE distribution_alerts SET paused_at = $3 WHERE distribution_id = $1 AND kind = $2', [
      distributionId,
      reason,
      now,
    ]);
  }
  return n > 0;
}

/** Keeps why a distribution was paused by itself, so that its owner is told. */
export async function notePause(unit: Unit, distributionId: string, reason: PauseReason): Promise<void> {
  await unit.run('UPDATE distributions SET pause_reason = $2 WHERE id = $1', [distributionId, reason]);
}

/** Somebody resumes it knowing why it was paused: it is not paused for its list again. */
export async function waiveGuard(unit: Unit, distributionId: string): Promise<void> {
  await unit.run(
    `UPDATE distributions SET guard_waived = guard_waived OR pause_reason IN ('bounces', 'complaints'), pause_reason = NULL
     WHERE id = $1 AND pause_reason IS NOT NULL`,
    [distributionId],
  );
}
