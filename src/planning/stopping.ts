import { messageMoves } from '../ledger/message_moves.js';
import type { Unit } from '../platform/db/database.js';
import type { Distribution } from '../ledger/distribution.entity.js';
import { cancelMessages, releaseReservations } from '../ledger/ledger.sql.js';
import type { WeeklyLimits } from '../limits/weekly_limits.service.js';

const STOPPED = messageMoves.set(
  'stopped',
  ({ uncertain, cancelled }) => `CASE WHEN m.resends > 0 THEN ${uncertain} ELSE ${cancelled} END`,
);

/** What is not on the wire yet never goes out, and its allowance is given back. @returns how many were stopped */
export async function stopMessages(
  unit: Unit,
  limits: WeeklyLimits,
  distribution: Distribution,
  now: Date,
): Promise<number> {
  const { id, plannedAt, reserved, reservedHour } = distribution;
  const stopped = await cancelMessages(unit, id, now);
  if (plannedAt === null && reservedHour !== null) {
    // Planning was under way: all of it was reserved before the first row.
    await releaseReservations(unit, id);
    await limits.giveBack(unit, distribution.payer, reservedHour, reserved);
  } else {
    await giveBackFreed(unit, limits, distribution);
  }
  return stopped;
}

/**
 * A mail that is still being tried is not tried any more. No copy of it exists, so its allowance is given back, unless it
 * was uncertain before: then it stays so.
 * @returns false for one that is not being tried
 */
export async function stopMessage(
  unit: Unit,
  limits: WeeklyLimits,
  { id, payer }: Distribution,
  { messageId, now }: { messageId: string; now: Date },
): Promise<boolean> {
  const [stopped] = await unit.sql<{ hour: Date | null }>(
    `UPDATE messages m SET ${STOPPED},
       reason = CASE WHEN m.resends > 0 THEN 'unconfirmed' ELSE 'stopped' END, final_at = $3, lease_token = NULL, lease_until = NULL,
       reserved_hour = CASE WHEN m.resends > 0 THEN m.reserved_hour END
     FROM messages old
     WHERE old.brand_id = m.brand_id AND old.id = m.id AND m.distribution_id = $1 AND m.id = $2
       AND ${messageMoves.isIn('stopped', 'm')}
     RETURNING CASE WHEN m.resends = 0 THEN old.reserved_hour END AS hour`,
    [id, messageId, now],
  );
  if (stopped?.hour) {
    await limits.giveBack(unit, payer, stopped.hour, 1);
  }
  return stopped !== undefined;
}

/** The allowance of messages that never were on the wire and never will be. */
export async function giveBackFreed(unit: Unit, limits: WeeklyLimits, { id, payer }: Distribution): Promise<void> {
  for (const { hour, n } of await releaseReservations(unit, id)) {
    await limits.giveBack(unit, payer, hour, n);
  }
}
