import type { Unit } from '../../platform/db/database.js';
import type { Distribution } from '../distribution.entity.js';
import { cancelMessages, releaseReservations } from './ledger.sql.js';
import type { WeeklyLimits } from '../planning/weekly_limits.service.js';

/** What is not on the wire yet never goes out, and its allowance is given back. @returns how many were stopped */
export async function stopMessages(
  unit: Unit,
  limits: WeeklyLimits,
  { id, brandId, ownerId, plannedAt, reserved, reservedHour }: Distribution,
  now: Date,
): Promise<number> {
  const stopped = await cancelMessages(unit, id, now);
  const freed = await releaseReservations(unit, id);
  if (plannedAt === null && reservedHour !== null) {
    // Planning was under way: all of it was reserved before the first row.
    await limits.giveBack(brandId, ownerId, reservedHour, reserved);
    return stopped;
  }
  for (const { hour, n } of freed) {
    await limits.giveBack(brandId, ownerId, hour, n);
  }
  return stopped;
}
