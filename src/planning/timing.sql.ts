import { messageMoves } from '../ledger/message_moves.js';
import { Bindings } from '../platform/db/bindings.js';
import type { Unit } from '../platform/db/database.js';
import { isTimeZone } from '../platform/calendar/time_zones.js';
import type { Distribution } from '../ledger/distribution.entity.js';
import { audienceOf } from '../audiences/audience.sql.js';
import { phoneZone } from '../audiences/recipient_zones.sql.js';
import type { Timing } from './timing.js';

/** Parts of a statement that gives messages their times. */
export interface TimingParts {
  /** A common table `zone_times`, with the comma that follows it; '' where no zones are asked for. */
  table: string;
  /** The join of a message in zone `zone` with it. */
  join: (zone: string) => string;
  /** When the `n`th mail leaves, `n` from 1. */
  runAt: (n: string) => string;
}

/** Times are computed in the statement itself: a look at a sorted array for each row, whatever the calendar. */
export function timingParts({ start, gapMs, open, zones }: Timing, bindings: Bindings): TimingParts {
  const gap = `${bindings.put(gapMs / 1000)}::float8`;
  const offset = (n: string): string => `((${n} - 1) * ${gap})`;
  if (zones !== undefined) {
    const table = `zone_times AS MATERIALIZED (
      SELECT * FROM jsonb_to_recordset(${bindings.put(JSON.stringify(zones))}::jsonb) AS t (zone text, at float8, froms float8[], tos float8[])
    ), `;
    const at = (n: string): string => `(z.at + ${offset(n)})`;
    return {
      table,
      join: (zone) => `JOIN zone_times z ON z.zone = ${zone}`,
      runAt: (n) => `to_timestamp(greatest(${at(n)}, coalesce(z.froms[width_bucket(${at(n)}, z.tos) + 1], ${at(n)})))`,
    };
  }
  const { offsets, bases } = stretches(open, start);
  const [from, base] = [`${bindings.put(offsets)}::float8[]`, `(${bindings.put(bases)}::float8[])`];
  return {
    table: '',
    join: () => '',
    runAt: (n) => `to_timestamp(${base}[width_bucket(${offset(n)}, ${from})] + ${offset(n)})`,
  };
}

/** Open time as one axis: where each stretch begins on it, and what to add to come back to the clock. */
function stretches(open: Timing['open'], start: Date): { offsets: number[]; bases: number[] } {
  const [offsets, bases]: [number[], number[]] = [[], []];
  let passed = 0;
  for (const { from, to } of open.length === 0 ? [{ from: start, to: start }] : open) {
    offsets.push(passed);
    bases.push(from.getTime() / 1000 - passed);
    passed += (to.getTime() - from.getTime()) / 1000;
  }
  return { offsets, bases };
}

/** All zones by which people of an audience are written to. */
export async function zonesOf(unit: Unit, distribution: Distribution, now: Date): Promise<string[]> {
  const bindings = new Bindings();
  const { brandId, parentId } = distribution;
  // Of a reminder everybody's whom its invitation names: more of them may be reached before it is planned.
  const from =
    parentId === null
      ? audienceOf(distribution, bindings, now).from
      : `messages i JOIN contacts c ON c.brand_id = i.brand_id AND c.id = i.contact_id
         WHERE i.brand_id = ${bindings.put(brandId)} AND i.distribution_id = ${bindings.put(parentId)}`;
  const ofPhone = phoneZone('c', bindings);
  const rows = await unit.sql<{ named: string; ofPhone: string | null }>(
    `SELECT DISTINCT c.time_zone AS named, CASE WHEN c.phone <> '' THEN ${ofPhone} END AS "ofPhone" FROM ${from}`,
    bindings.values,
  );
  const [brand] = await unit.sql<{ zone: string }>('SELECT time_zone AS zone FROM brands WHERE id = $1', [
    distribution.brandId,
  ]);
  const zones = rows.flatMap(({ named, ofPhone: other }) => (isTimeZone(named) ? named : (other ?? [])));
  return [...new Set([...zones, ...(brand === undefined ? [] : [brand.zone])])];
}

/** The brand's days off. */
export async function holidaysOf(unit: Unit, brandId: string): Promise<string[]> {
  const [brand] = await unit.sql<{ holidays: string[] }>('SELECT holidays FROM brands WHERE id = $1', [brandId]);
  return brand?.holidays ?? [];
}

/** Messages that wait without a time of their own: those of a wave, or those that the weekly limit had no room for. */
export type Waiting = { wave: number } | { unpaid: number; upToWave: number; hour: Date };

/**
 * Gives waiting messages their times, in the order of planning; those without an allowance get one. Whoever calls holds
 * the distribution's lock. @returns how many
 */
export function release(unit: Unit, distributionId: string, waiting: Waiting, timing: Timing): Promise<number> {
  const bindings = new Bindings();
  const { table, join, runAt } = timingParts(timing, bindings);
  const id = bindings.put(distributionId);
  const hour = 'hour' in waiting ? `${bindings.put(waiting.hour)}::timestamptz` : 'NULL';
  const chosen =
    'hour' in waiting
      ? `reserved_hour IS NULL ORDER BY id LIMIT ${bindings.put(waiting.unpaid)}`
      : `wave = ${bindings.put(waiting.wave)} AND reserved_hour IS NOT NULL`;
  const leaves = 'hour' in waiting ? `(c.wave IS NULL OR c.wave <= ${bindings.put(waiting.upToWave)}::int)` : 'true';
  return unit.run(
    `WITH ${table}chosen AS (
       SELECT id, wave, zone, row_number() OVER (ORDER BY id) AS n FROM (
         SELECT id, wave, zone, reserved_hour FROM messages
         WHERE distribution_id = ${id} AND state = 'queued' AND run_at IS NULL AND ${chosen}) waiting
     ), timed AS (
       SELECT c.id, CASE WHEN ${leaves} THEN ${runAt('c.n')} END AS run_at FROM chosen c ${join('c.zone')}
     )
     UPDATE messages m SET run_at = t.run_at, dated_at = coalesce(t.run_at, m.dated_at), reserved_hour = coalesce(m.reserved_hour, ${hour})
     FROM timed t WHERE m.id = t.id`,
    bindings.values,
  );
}

/** Queued messages that the weekly limit had no room for. */
export async function unpaidMessages(unit: Unit, distributionId: string): Promise<number> {
  const { n } = await unit.one<{ n: number }>(
    `SELECT count(*)::int AS n FROM messages
     WHERE distribution_id = $1 AND state = 'queued' AND run_at IS NULL AND reserved_hour IS NULL`,
    [distributionId],
  );
  return n;
}

/** Whether anything but what waits for the weekly limit is still on its way. */
export async function hasPaidMessages(unit: Unit, distributionId: string): Promise<boolean> {
  const { open } = await unit.one<{ open: boolean }>(
    `SELECT EXISTS (SELECT FROM messages WHERE distribution_id = $1 AND state = 'queued' AND (run_at IS NOT NULL OR reserved_hour IS NOT NULL))
         OR EXISTS (SELECT FROM messages WHERE distribution_id = $1 AND state IN ('leased', 'wire'))
         OR EXISTS (SELECT FROM messages WHERE distribution_id = $1 AND state = 'uncertain' AND resend_at IS NOT NULL) AS open`,
    [distributionId],
  );
  return open;
}

/** What has come due in zones that are closed now waits for their next opening. */
export function postpone(
  unit: Unit,
  distributionId: string,
  now: Date,
  openAgain: { zone: string; at: Date }[],
): Promise<number> {
  return unit.run(
    `UPDATE messages m SET run_at = z.at FROM unnest($3::text[], $4::timestamptz[]) AS z (zone, at)
     WHERE m.distribution_id = $1 AND m.state = 'queued' AND m.run_at <= $2 AND m.zone = z.zone`,
    [distributionId, now, openAgain.map(({ zone }) => zone), openAgain.map(({ at }) => at)],
  );
}

/** Ends waves: what they held back is cancelled. @returns how many */
export function endWaves(unit: Unit, distributionId: string, now: Date): Promise<number> {
  return unit.run(
    `UPDATE messages SET ${messageMoves.set('waveEnded')}, reason = 'enough_finished', final_at = $2
     WHERE distribution_id = $1 AND ${messageMoves.isIn('waveEnded')} AND run_at IS NULL AND wave IS NOT NULL`,
    [distributionId, now],
  );
}

/** People of a distribution who have finished, and whose ledger rows do not say so yet. */
export async function finishedSince(unit: Unit, distributionId: string): Promise<number> {
  const { n } = await unit.one<{ n: number }>(
    `SELECT count(DISTINCT m.id)::int AS n FROM response_outbox o
     JOIN messages m ON m.brand_id = o.brand_id AND m.link_id = o.link_id
     WHERE o.kind = 'finished' AND m.distribution_id = $1 AND m.finished_at IS NULL`,
    [distributionId],
  );
  return n;
}
