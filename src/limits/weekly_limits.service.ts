import { Injectable } from '@nestjs/common';
import { PermissionsService } from '../brands/permissions.service.js';
import { Clock } from '../platform/clock.js';
import { Database, type Unit } from '../platform/db/database.js';
import {
  addTo,
  type Allowance,
  allowances,
  hourOf,
  lockScopes,
  nextFree,
  type Payer,
  type Shortage,
  shortageIn,
} from './weekly_buckets.sql.js';
import { WeekIsFull } from './week_is_full.js';

export type { Allowance, Payer, Shortage } from './weekly_buckets.sql.js';
export { shortageWords, WeekIsFull } from './week_is_full.js';

/**
 * Weekly limits: rolling seven days in hourly buckets, for the person who sends, for their division and for the brand;
 * the lowest wins. A bucket counts until seven days after its hour has ended, so no seven days ever hold more than the
 * limit. Reservations run under a lock of all scopes (always in the same order): sends that race can't exceed it by one.
 */
@Injectable()
export class WeeklyLimits {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly permissions: PermissionsService,
  ) {}

  /** The meters of a person: own, division's and brand's. */
  async of(brandId: string, userId: string): Promise<Allowance[]> {
    return this.database.inBrand(brandId, (unit) => allowances(unit, { brandId, userId }, this.clock.now()));
  }

  /** What stands in the way of `count` more mails; undefined when they fit. Reserves nothing. */
  async shortage(brandId: string, userId: string, count: number): Promise<Shortage | undefined> {
    return this.database.inBrand(brandId, async (unit) =>
      this.withAdministrators(unit, shortageIn(await allowances(unit, { brandId, userId }, this.clock.now()), count)),
    );
  }

  /** Who pays: the person, and the division in which they are right now. */
  async payer(unit: Unit, brandId: string, userId: string): Promise<Payer> {
    const { divisionId } = await unit.one<{ divisionId: string | null }>(
      'SELECT division_id AS "divisionId" FROM users WHERE id = $1',
      [userId],
    );
    return { brandId, userId, divisionId };
  }

  /**
   * Reserves exactly `count`, or nothing, in the hour of `now`.
   * @returns the hour whose buckets pay
   * @throws {WeekIsFull} EQD03 (own limit) or EQD04 (division's or brand's) with the sentence for the person at the screen
   */
  reserve(payer: Payer, count: number, timeZone: string, now?: Date): Promise<Date> {
    return this.database.inBrand(payer.brandId, (unit) => this.reserveIn(unit, payer, count, timeZone, now));
  }

  /** As `reserve`, in a unit that is open. */
  async reserveIn(unit: Unit, payer: Payer, count: number, timeZone: string, now = this.clock.now()): Promise<Date> {
    await lockScopes(unit, payer);
    const short = shortageIn(await allowances(unit, payer, now), count);
    const shortage = await this.withAdministrators(unit, short);
    if (shortage !== undefined) {
      throw new WeekIsFull(shortage, timeZone);
    }
    await addTo(unit, payer, hourOf(now), count);
    return hourOf(now);
  }

  /** Reserves as much of `wanted` as is free, which may be nothing. @returns how much, and the hour that pays */
  async reserveUpTo(unit: Unit, payer: Payer, wanted: number): Promise<{ count: number; hour: Date }> {
    const now = this.clock.now();
    await lockScopes(unit, payer);
    const free = Math.min(...(await allowances(unit, payer, now)).map(({ left }) => left));
    const count = Math.min(wanted, free);
    await addTo(unit, payer, hourOf(now), count);
    return { count, hour: hourOf(now) };
  }

  /** Whether a limit was lowered below what is used: then what is reserved does not go out either. */
  async exceeded(unit: Unit, payer: Payer): Promise<Allowance | undefined> {
    return (await allowances(unit, payer, this.clock.now())).find(({ used, limit }) => used > limit);
  }

  /** The scope that leaves nothing more right now. */
  async full(unit: Unit, payer: Payer): Promise<Allowance | undefined> {
    return (await allowances(unit, payer, this.clock.now())).find(({ left }) => left === 0);
  }

  /** When the next mails become free where none are; undefined when time does not help. */
  async nextFree(unit: Unit, payer: Payer): Promise<Date | undefined> {
    return nextFree(await allowances(unit, payer, this.clock.now()));
  }

  /** Gives back what was reserved in `hour`. */
  async giveBack(unit: Unit, payer: Payer, hour: Date, count: number): Promise<void> {
    if (count > 0) {
      await addTo(unit, payer, hour, -count);
    }
  }

  /** Whoever stands before a limit is told who can raise it. */
  private async withAdministrators(unit: Unit, shortage: Shortage | undefined): Promise<Shortage | undefined> {
    if (shortage === undefined) {
      return undefined;
    }
    const holders = await this.permissions.holders(unit, 'brand:admin');
    return { ...shortage, administrators: holders.slice(0, NAMED).map(({ name, email }) => name || email) };
  }
}

/** More names than these help nobody. */
const NAMED = 3;
