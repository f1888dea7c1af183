import { Injectable } from '@nestjs/common';
import { DateTime } from 'luxon';
import { Clock } from '../../platform/clock.js';
import { Database, type Unit } from '../../platform/db/database.js';
import { WrongState } from '../../platform/errors.js';

const HOUR_MS = 3_600_000;
const WEEK_MS = 7 * 24 * HOUR_MS;

export type Scope = 'user' | 'brand';

/** What one scope may send in any seven days, and what of it is spoken for. */
export interface Allowance {
  scope: Scope;
  limit: number;
  used: number;
  left: number;
}

/** What a reservation would run into. */
export interface Shortage extends Allowance {
  requested: number;
  /** When enough will be free; undefined when it never fits, however long one waits. */
  freeAt: Date | undefined;
}

interface Bucket {
  scope: Scope;
  hour: Date;
  reserved: number;
}

/**
 * Weekly limits: rolling seven days in hourly buckets, for the person who sends and for the brand. A bucket counts
 * until seven days after its hour has ended, so no seven days ever hold more than the limit. Reservations run under a
 * lock of both scopes (always brand first): two sends that race can't exceed it by one.
 */
@Injectable()
export class WeeklyLimits {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** The meters of a person: own and brand's. */
  async of(brandId: string, userId: string): Promise<Allowance[]> {
    return this.database.inBrand(brandId, async (unit) => {
      const [limits, buckets] = [
        await limitsOf(unit, userId),
        await bucketsOf(unit, brandId, userId, this.clock.now()),
      ];
      return (['user', 'brand'] as const).map((scope) => allowanceOf(scope, limits[scope], buckets));
    });
  }

  /** What stands in the way of `count` more mails; undefined when they fit. Reserves nothing. */
  async shortage(brandId: string, userId: string, count: number): Promise<Shortage | undefined> {
    return this.database.inBrand(brandId, (unit) =>
      shortageOf(unit, { brandId, userId, count, now: this.clock.now() }),
    );
  }

  /**
   * Reserves exactly `count`, or nothing.
   * @returns the hour whose buckets pay
   * @throws {WrongState} EQD03 (own limit) or EQD04 (the brand's) with the sentence for the person at the screen
   */
  async reserve(brandId: string, userId: string, count: number, timeZone: string): Promise<Date> {
    return this.database.inBrand(brandId, async (unit) => {
      const now = this.clock.now();
      await lockScopes(unit, brandId, userId);
      const shortage = await shortageOf(unit, { brandId, userId, count, now });
      if (shortage !== undefined) {
        throw new WrongState(shortageWords(shortage, timeZone), shortage.scope === 'user' ? 'EQD03' : 'EQD04');
      }
      const hour = hourOf(now);
      await addTo(unit, { brandId, userId, hour, count });
      return hour;
    });
  }

  /** Gives back what was reserved in `hour`. */
  async giveBack(brandId: string, userId: string, hour: Date, count: number): Promise<void> {
    if (count > 0) {
      await this.database.inBrand(brandId, (unit) => addTo(unit, { brandId, userId, hour, count: -count }));
    }
  }
}

/** Why it can't be sent now, how much is used, when enough will be free, and whom to ask. */
export function shortageWords({ scope, limit, used, requested, freeAt }: Shortage, timeZone: string): string {
  const figure = (value: number): string => value.toLocaleString('en');
  const who = scope === 'user' ? 'This account' : 'This brand';
  const when =
    freeAt === undefined
      ? 'It is larger than the whole weekly limit.'
      : `Enough will be free on ${DateTime.fromJSDate(freeAt, { zone: timeZone }).toFormat("d LLLL yyyy 'at' HH:mm (ZZZZ)")}.`;
  return (
    `This distribution cannot be sent now. ${who} may send ${figure(limit)} e-mails per week; ` +
    `${figure(used)} of them are used and ${figure(requested)} are needed. ${when} ` +
    `To have the limit raised, contact the brand administrator.`
  );
}

function hourOf(now: Date): Date {
  return new Date(Math.floor(now.getTime() / HOUR_MS) * HOUR_MS);
}

async function limitsOf(unit: Unit, userId: string): Promise<Record<Scope, number>> {
  return unit.one<Record<Scope, number>>(
    `SELECT b.weekly_email_limit AS brand, coalesce(u.weekly_email_limit, b.weekly_email_limit_per_user) AS "user"
     FROM users u JOIN brands b ON b.id = u.brand_id WHERE u.id = $1`,
    [userId],
  );
}

/** At most 169 rows a scope. */
function bucketsOf(unit: Unit, brandId: string, userId: string, now: Date): Promise<Bucket[]> {
  return unit.sql<Bucket>(
    `SELECT scope, hour, reserved FROM send_buckets
     WHERE ((scope = 'brand' AND scope_id = $1) OR (scope = 'user' AND scope_id = $2)) AND hour > $3 ORDER BY hour`,
    [brandId, userId, new Date(now.getTime() - WEEK_MS - HOUR_MS)],
  );
}

function allowanceOf(scope: Scope, limit: number, buckets: Bucket[]): Allowance {
  const used = buckets.filter((bucket) => bucket.scope === scope).reduce((sum, bucket) => sum + bucket.reserved, 0);
  return { scope, limit, used, left: Math.max(0, limit - used) };
}

interface Request {
  brandId: string;
  userId: string;
  count: number;
  now: Date;
}

async function shortageOf(unit: Unit, { brandId, userId, count, now }: Request): Promise<Shortage | undefined> {
  const limits = await limitsOf(unit, userId);
  const buckets = await bucketsOf(unit, brandId, userId, now);
  for (const scope of ['user', 'brand'] as const) {
    const allowance = allowanceOf(scope, limits[scope], buckets);
    if (count > 0 && allowance.used + count > allowance.limit) {
      return { ...allowance, requested: count, freeAt: whenFree(allowance, buckets, count) };
    }
  }
  return undefined;
}

function whenFree({ scope, limit, used }: Allowance, buckets: Bucket[], count: number): Date | undefined {
  let rest = used;
  for (const bucket of buckets.filter((one) => one.scope === scope)) {
    rest -= bucket.reserved;
    if (rest + count <= limit) {
      return new Date(bucket.hour.getTime() + HOUR_MS + WEEK_MS);
    }
  }
  return undefined;
}

async function lockScopes(unit: Unit, brandId: string, userId: string): Promise<void> {
  await unit.run(
    `INSERT INTO send_scopes (brand_id, scope, scope_id) VALUES ($1, 'brand', $1), ($1, 'user', $2) ON CONFLICT DO NOTHING`,
    [brandId, userId],
  );
  await unit.sql(
    `SELECT FROM send_scopes WHERE (scope = 'brand' AND scope_id = $1) OR (scope = 'user' AND scope_id = $2)
     ORDER BY scope, scope_id FOR UPDATE`,
    [brandId, userId],
  );
}

async function addTo(
  unit: Unit,
  { brandId, userId, hour, count }: { brandId: string; userId: string; hour: Date; count: number },
): Promise<void> {
  for (const [scope, scopeId] of [
    ['brand', brandId],
    ['user', userId],
  ]) {
    await unit.run(
      `INSERT INTO send_buckets (brand_id, scope, scope_id, hour, reserved) VALUES ($1, $2, $3, $4, greatest($5, 0))
       ON CONFLICT (brand_id, scope, scope_id, hour) DO UPDATE SET reserved = greatest(send_buckets.reserved + $5, 0)`,
      [brandId, scope, scopeId, hour, count],
    );
  }
}
