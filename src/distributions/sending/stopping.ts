import type { Unit } from '../../platform/db/database.js';
import type { Distribution } from '../distribution.entity.js';
import { cancelMessages, releaseReservations } from './ledger.sql.js';
import type { WeeklyLimits } from '../planning/weekly_limits.service.js';

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
    await limits.giveBack(distribution.payer, reservedHour, reserved);
  } else {
    await giveBackFreed(unit, limits, distribution);
  }
  return stopped;
}

/** The allowance of messages that never were on the wire and never will be. */
export async function giveBackFreed(unit: Unit, limits: WeeklyLimits, { id, payer }: Distribution): Promise<void> {
  for (const { hour, n } of await releaseReservations(unit, id)) {
    await limits.giveBack(payer, hour, n);
  }
}
