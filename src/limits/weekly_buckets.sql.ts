import type { Unit } from '../platform/db/database.js';

const HOUR_MS = 3_600_000;
const WEEK_MS = 7 * 24 * HOUR_MS;

export type Scope = 'user' | 'division' | 'brand';

/** Who a reservation is charged to. A division that is not said is the person's present one. */
export interface Payer {
  brandId: string;
  userId: string;
  divisionId?: string | null;
}

/** What one scope may send in any seven days, and what of it is spoken for. */
export interface Allowance {
  scope: Scope;
  /** Number of the person, the division or the brand. */
  scopeId: string;
  limit: number;
  used: number;
  left: number;
  /** What was reserved in each hour, the oldest first: at most 169. */
  buckets: Bucket[];
}

/** What a reservation would run into. */
export interface Shortage extends Allowance {
  requested: number;
  /** When enough will be free; undefined when it never fits, however long one waits. */
  freeAt: Date | undefined;
  /** Names of people who can raise it: a few of them. */
  administrators: string[];
}

export interface Bucket {
  hour: Date;
  reserved: number;
}

export function hourOf(now: Date): Date {
  return new Date(Math.floor(now.getTime() / HOUR_MS) * HOUR_MS);
}

/** The last hour whose bucket no longer counts: what it paid for is not paid for any more. */
export function lastFreedHour(now: Date): Date {
  return new Date(now.getTime() - WEEK_MS - HOUR_MS);
}

/** The person's first: that is the one they can do something about. Divisions without a limit have no meter. */
export async function allowances(unit: Unit, payer: Payer, now: Date): Promise<Allowance[]> {
  const rows = await unit.sql<{
    scope: Scope;
    scopeId: string;
    limit: number;
    buckets: { hour: string; reserved: number }[];
  }>(
    `WITH payer AS (
       SELECT u.id, u.weekly_email_limit, d.id AS division_id, d.weekly_email_limit AS division_limit
       FROM users u LEFT JOIN divisions d ON d.brand_id = u.brand_id AND d.id = CASE WHEN $4 THEN u.division_id ELSE $3 END
       WHERE u.id = $2
     ), scopes AS (
       SELECT 1 AS place, 'user' AS scope, p.id AS scope_id, coalesce(p.weekly_email_limit, b.weekly_email_limit_per_user) AS allowed
       FROM payer p, brands b WHERE b.id = $1
       UNION ALL SELECT 2, 'division', division_id, division_limit FROM payer WHERE division_limit IS NOT NULL
       UNION ALL SELECT 3, 'brand', id, weekly_email_limit FROM brands WHERE id = $1
     )
     SELECT s.scope, s.scope_id AS "scopeId", s.allowed AS limit, coalesce(h.buckets, '[]') AS buckets FROM scopes s
     LEFT JOIN LATERAL (
       SELECT jsonb_agg(jsonb_build_object('hour', hour, 'reserved', reserved) ORDER BY hour) AS buckets FROM send_buckets k
       WHERE k.brand_id = $1 AND k.scope = s.scope AND k.scope_id = s.scope_id AND k.hour > $5 AND k.reserved > 0) h ON true
     ORDER BY s.place`,
    [payer.brandId, payer.userId, payer.divisionId ?? null, payer.divisionId === undefined, lastFreedHour(now)],
  );
  return rows.map(({ scope, scopeId, limit, buckets }) => {
    const used = buckets.reduce((sum, { reserved }) => sum + reserved, 0);
    const dated = buckets.map(({ hour, reserved }) => ({ hour: new Date(hour), reserved }));
    return { scope, scopeId, limit, used, left: Math.max(0, limit - used), buckets: dated };
  });
}

/** The division whose limit leaves less than the brand's, and so is what EQD04 is about; undefined where it is the brand's. */
export function limitingDivision(all: readonly Allowance[]): string | undefined {
  const shared = all.filter(({ scope }) => scope !== 'user').sort((one, other) => one.left - other.left);
  return shared[0]?.scope === 'division' ? shared[0].scopeId : undefined;
}

export function shortageIn(all: readonly Allowance[], count: number): Shortage | undefined {
  const short = all.find(({ used, limit }) => count > 0 && used + count > limit);
  return short === undefined
    ? undefined
    : { ...short, requested: count, freeAt: whenFree(short, count), administrators: [] };
}

/** A bucket counts until seven days after its hour has ended. */
export function freeAgainAt({ hour }: Bucket): Date {
  return new Date(hour.getTime() + HOUR_MS + WEEK_MS);
}

/** When `count` more will fit; undefined when they never will. */
export function whenFree({ limit, used, buckets }: Allowance, count: number): Date | undefined {
  let rest = used;
  for (const bucket of buckets) {
    rest -= bucket.reserved;
    if (rest + count <= limit) {
      return freeAgainAt(bucket);
    }
  }
  return undefined;
}

/** When one more mail fits into all of them. */
export function nextFree(all: readonly Allowance[]): Date | undefined {
  const full = all.filter(({ left }) => left === 0).map((allowance) => whenFree(allowance, 1));
  const never = full.length === 0 || full.some((at) => at === undefined);
  return never ? undefined : new Date(Math.max(...full.map((at) => at!.getTime())));
}

/** Locks the scopes that pay, always in the same order. */
export async function lockScopes(unit: Unit, { brandId, userId, divisionId }: Payer): Promise<void> {
  const scopes = [
    ['brand', brandId],
    ...(divisionId == null ? [] : [['division', divisionId]]),
    ['user', userId],
  ] as const;
  const [names, ids] = [scopes.map(([name]) => name), scopes.map(([, id]) => id)];
  await unit.run(
    `INSERT INTO send_scopes (brand_id, scope, scope_id)
     SELECT $1, scope, id FROM unnest($2::text[], $3::bigint[]) AS s (scope, id) ORDER BY scope, id ON CONFLICT DO NOTHING`,
    [brandId, names, ids],
  );
  await unit.sql(
    `SELECT FROM send_scopes WHERE (scope, scope_id) IN (SELECT * FROM unnest($1::text[], $2::bigint[]))
     ORDER BY scope, scope_id FOR UPDATE`,
    [names, ids],
  );
}

/** Books on every scope that pays; less than nothing is never booked. */
export async function addTo(
  unit: Unit,
  { brandId, userId, divisionId }: Payer,
  hour: Date,
  count: number,
): Promise<void> {
  for (const [scope, scopeId] of [
    ['brand', brandId],
    ['division', divisionId ?? null],
    ['user', userId],
  ]) {
    if (scopeId !== null) {
      await unit.run(
        `INSERT INTO send_buckets (brand_id, scope, scope_id, hour, reserved) VALUES ($1, $2, $3, $4, greatest($5, 0))
         ON CONFLICT (brand_id, scope, scope_id, hour) DO UPDATE SET reserved = greatest(send_buckets.reserved + $5, 0)`,
        [brandId, scope, scopeId, hour, count],
      );
    }
  }
}
