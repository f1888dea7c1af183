import { Bindings } from '../platform/db/bindings.js';
import type { Unit } from '../platform/db/database.js';
import type { Distribution } from '../ledger/distribution.entity.js';
import { isThanked } from '../ledger/finished.sql.js';
import { recipientZone } from './recipient_zones.sql.js';
import { SLOT_SECONDS } from './wall_days.js';

/** Whether somebody whom the invitation reached can be taken: now, when another mail is settled, or once they finish. */
type Readiness = 'ready' | 'waits' | 'unfinished';

/** People of one zone who got their mail within the same quarter of an hour, and have none of the follow-up yet. */
export interface Slot {
  zone: string;
  readiness: Readiness;
  /** When the first of them got it. */
  first: Date;
}

/** How much later than their mail people of a slot are due, in seconds. */
export interface Shift {
  zone: string;
  slot: number;
  seconds: number;
}

/** The mails that days are counted from. */
export interface Counted {
  /** Reminders before it, where it counts from the last of them. */
  reminders: string[];
  /** The last of them, while it still takes people. */
  openReminder: string | null;
}

/**
 * Who was reached and has no row of the follow-up. Those whose mail is older than `near` are told apart by the quarter
 * of an hour in which they got it; the others only by zone.
 */
export async function slotsOf(unit: Unit, followUp: Distribution, counted: Counted, near: Date): Promise<Slot[]> {
  const bindings = new Bindings();
  const base = baseOf(followUp, counted, bindings);
  const [brand, parent, own] = [followUp.brandId, followUp.parentId, followUp.id].map((id) => bindings.put(id));
  const rows = await unit.sql<{ zone: string; readiness: Readiness; first: Date }>(
    `SELECT zone, readiness, min(base) AS first FROM (
       SELECT ${recipientZone('c', followUp, bindings)} AS zone, ${readinessOf(followUp, counted, bindings)} AS readiness, ${base} AS base
       FROM messages i JOIN contacts c ON c.brand_id = i.brand_id AND c.id = i.contact_id
       WHERE i.brand_id = ${brand} AND i.distribution_id = ${parent} AND i.link_id IS NOT NULL
         AND (i.state IN ('accepted', 'uncertain') OR ${isThanked(followUp, 'i')})
         AND NOT EXISTS (SELECT FROM messages o WHERE o.brand_id = i.brand_id AND o.distribution_id = ${own} AND o.contact_id = i.contact_id)
     ) reached
     WHERE base IS NOT NULL
     GROUP BY zone, readiness, CASE WHEN base <= ${bindings.put(near)}::timestamptz THEN ${slotSql('base')} END`,
    bindings.values,
  );
  return rows;
}

/** Whose days are over by now. */
export interface Maturity {
  counted: Counted;
  shifts: readonly Shift[];
  now: Date;
}

/** Parts of a statement over messages `i` and contacts `c` that keep those whose days are over. */
export function matured(
  followUp: Distribution,
  { counted, shifts, now }: Maturity,
  bindings: Bindings,
): { join: string; condition: string } {
  const base = baseOf(followUp, counted, bindings);
  const join = `JOIN jsonb_to_recordset(${bindings.put(JSON.stringify(shifts))}::jsonb) AS due (zone text, slot bigint, seconds float8)
     ON due.zone = ${recipientZone('c', followUp, bindings)} AND due.slot = ${slotSql(base)}`;
  const condition = `${readinessOf(followUp, counted, bindings)} = 'ready'
     AND ${base} + due.seconds * interval '1 second' <= ${bindings.put(now)}::timestamptz
     AND NOT EXISTS (SELECT FROM messages o WHERE o.brand_id = i.brand_id AND o.distribution_id = ${bindings.put(followUp.id)}
       AND o.contact_id = i.contact_id)`;
  return { join, condition };
}

/** The number of the quarter of an hour of an instant, since 1970. */
export function slotNumber(at: Date): number {
  return Math.floor(at.getTime() / (SLOT_SECONDS * 1000));
}

function slotSql(instant: string): string {
  return `floor(extract(epoch FROM ${instant}) / ${SLOT_SECONDS})::bigint`;
}

/** When somebody got the mail that their days are counted from. */
function baseOf({ requestType }: Distribution, { reminders }: Counted, bindings: Bindings): string {
  const invited = `coalesce(i.accepted_at, i.wire_at${requestType === 'ThankYou' ? ', i.finished_at, i.screened_out_at, i.quota_full_at' : ''})`;
  return reminders.length === 0
    ? invited
    : `greatest(${invited}, (SELECT max(coalesce(o.accepted_at, o.wire_at)) FROM messages o WHERE o.brand_id = i.brand_id
         AND o.contact_id = i.contact_id AND o.distribution_id = ANY (${bindings.put(reminders)}::bigint[]) AND o.state IN ('accepted', 'uncertain')))`;
}

function readinessOf(followUp: Distribution, { openReminder }: Counted, bindings: Bindings): string {
  const unsettled =
    openReminder === null
      ? ''
      : ` OR NOT EXISTS (SELECT FROM messages o WHERE o.brand_id = i.brand_id AND o.distribution_id = ${bindings.put(openReminder)}::bigint
           AND o.contact_id = i.contact_id AND o.state NOT IN ('planned', 'queued', 'leased', 'wire') AND o.resend_at IS NULL)`;
  const unfinished =
    followUp.requestType === 'ThankYou' ? `WHEN NOT (${isThanked(followUp, 'i')}) THEN 'unfinished'` : '';
  return `CASE WHEN i.resend_at IS NOT NULL${unsettled} THEN 'waits' ${unfinished} ELSE 'ready' END`;
}
