import type { Unit } from '../../platform/db/database.js';
import { isSpread, spreadOf } from './evidence.js';

const FIRST_CAP = 150;
const LEAST_CAP = 50;
/** Beyond that a domain is known, and the plan has nothing to say any more. */
const MOST_CAP = 1_000_000;

export type CapVerdict = 'first' | 'raised' | 'kept' | 'halved';

/** What became of the mails of the last day that was sent on. */
export interface DayBefore {
  cap: number;
  used: number;
  accepted: number;
  deferred: number;
  bouncedHard: number;
  complained: number;
}

/** Half as much again after a healthy day that was used; kept where there is too little to tell; halved when it went badly. */
export function nextCap(before: DayBefore | undefined): { cap: number; verdict: CapVerdict } {
  if (before === undefined) {
    return { cap: FIRST_CAP, verdict: 'first' };
  }
  const { cap, used, accepted, deferred, bouncedHard, complained } = before;
  const tried = Math.max(1, accepted + deferred + bouncedHard);
  const [put, hard, spam] = [deferred / tried, bouncedHard / tried, complained / Math.max(1, accepted)];
  if (put > 0.15 || hard > 0.05 || (complained >= 2 && spam > 0.003)) {
    return { cap: Math.max(LEAST_CAP, Math.floor(cap / 2)), verdict: 'halved' };
  }
  const isHealthy = put < 0.05 && hard < 0.02 && spam < 0.001;
  return isHealthy && used >= cap / 2
    ? { cap: Math.min(MOST_CAP, Math.ceil(cap * 1.5)), verdict: 'raised' }
    : { cap, verdict: 'kept' };
}

/**
 * Claims no more than today's cap of a From domain leaves; the row of the day is made with its first mail. One locked row
 * a domain, for domains with a plan only: others have no row and no limit.
 */
export async function withinWarmUp<Claimed>(
  unit: Unit,
  { fromEmail, wanted, now }: { fromEmail: string; wanted: number; now: Date },
  claim: (size: number) => Promise<Claimed[]>,
): Promise<Claimed[]> {
  const fromDomain = domainOf(fromEmail);
  const [plan] = await unit.sql<{ day: string }>(
    `SELECT ($2::timestamptz AT TIME ZONE 'UTC')::date::text AS day FROM warm_ups WHERE from_domain = $1 AND is_on FOR UPDATE`,
    [fromDomain, now],
  );
  if (plan === undefined) {
    return claim(wanted);
  }
  const [today] = await unit.sql<{ cap: number; used: number }>(
    'SELECT cap, used FROM warm_up_days WHERE from_domain = $1 AND day = $2',
    [fromDomain, plan.day],
  );
  const { cap, used } = today ?? (await openDay(unit, fromDomain, plan.day));
  const claimed = cap > used ? await claim(Math.min(wanted, cap - used)) : [];
  await unit.run('UPDATE warm_up_days SET used = used + $3 WHERE from_domain = $1 AND day = $2', [
    fromDomain,
    plan.day,
    claimed.length,
  ]);
  return claimed;
}

/** What was claimed and did not leave. */
export async function returnWarmUp(unit: Unit, fromEmail: string, n: number, now: Date): Promise<void> {
  await unit.run(
    `UPDATE warm_up_days SET used = greatest(0, used - $3) WHERE from_domain = $1 AND day = ($2::timestamptz AT TIME ZONE 'UTC')::date`,
    [domainOf(fromEmail), now, n],
  );
}

function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1).toLowerCase();
}

async function openDay(unit: Unit, fromDomain: string, day: string): Promise<{ cap: number; used: number }> {
  const [before] = await unit.sql<DayBefore & { day: string }>(
    `SELECT w.day::text AS day, w.cap, w.used, coalesce(d.accepted, 0)::int AS accepted, coalesce(d.deferred, 0)::int AS deferred,
       coalesce(d.bounced_hard, 0)::int AS "bouncedHard", coalesce(d.complained, 0)::int AS complained
     FROM warm_up_days w LEFT JOIN deliverability_days d ON d.brand_id = w.brand_id AND d.day = w.day
       AND d.from_domain = w.from_domain AND d.to_domain = ''
     WHERE w.from_domain = $1 AND w.day < $2::date ORDER BY w.day DESC LIMIT 1`,
    [fromDomain, day],
  );
  const { cap, verdict } = nextCap(before && (await believed(unit, fromDomain, before)));
  await unit.run(
    `INSERT INTO warm_up_days (brand_id, from_domain, day, cap, verdict)
     SELECT brand_id, $1, $2, $3, $4 FROM warm_ups WHERE from_domain = $1`,
    [fromDomain, day, cap, verdict],
  );
  return { cap, used: 0 };
}

const BAD = ['deferred', 'bouncedHard', 'complained'] as const;

/** What one recipient's servers or reports say, or those of one organization, is no judgement on the From domain. */
async function believed(unit: Unit, fromDomain: string, before: DayBefore & { day: string }): Promise<DayBefore> {
  const rows = await unit.sql<Record<(typeof BAD)[number], number> & { domain: string }>(
    `SELECT to_domain AS domain, deferred::int, bounced_hard::int AS "bouncedHard", complained::int FROM deliverability_days
     WHERE from_domain = $1 AND day = $2::date AND to_domain <> '' ORDER BY deferred + bounced_hard + complained DESC LIMIT 200`,
    [fromDomain, before.day],
  );
  const judges = spreadOf(rows.map(({ domain }) => [domain, 1])).size;
  const counted = BAD.map((name) => {
    const isWide = isSpread(spreadOf(rows.map((row) => [row.domain, row[name]])), { judges });
    return [name, isWide ? before[name] : 0];
  });
  return { ...before, ...(Object.fromEntries(counted) as Pick<DayBefore, (typeof BAD)[number]>) };
}

export interface WarmUp {
  fromDomain: string;
  isOn: boolean;
  days: { day: string; cap: number; used: number; verdict: CapVerdict }[];
}

export function readWarmUps(unit: Unit): Promise<WarmUp[]> {
  return unit.sql<WarmUp>(
    `SELECT w.from_domain AS "fromDomain", w.is_on AS "isOn",
       coalesce((SELECT jsonb_agg(jsonb_build_object('day', d.day, 'cap', d.cap, 'used', d.used, 'verdict', d.verdict) ORDER BY d.day DESC)
                 FROM (SELECT * FROM warm_up_days x WHERE x.brand_id = w.brand_id AND x.from_domain = w.from_domain ORDER BY x.day DESC LIMIT 30) d), '[]') AS days
     FROM warm_ups w ORDER BY w.from_domain`,
  );
}

export async function switchWarmUp(
  unit: Unit,
  brandId: string,
  fromDomain: string,
  isOn: boolean,
  now: Date,
): Promise<void> {
  await unit.run(
    `INSERT INTO warm_ups (brand_id, from_domain, is_on, started_at) VALUES ($1, $2, $3, $4)
     ON CONFLICT (brand_id, from_domain) DO UPDATE SET is_on = $3`,
    [brandId, fromDomain, isOn, now],
  );
}
