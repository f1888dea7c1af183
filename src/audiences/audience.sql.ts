import { listsOf, SegmentConditions, type SegmentTree } from '../contacts/segments/segment_conditions.js';
import { Bindings } from '../platform/db/bindings.js';
import type { Unit } from '../platform/db/database.js';
import type { Distribution } from '../ledger/distribution.entity.js';
import { isThanked } from '../ledger/finished.sql.js';
import { noteDrawn } from '../ledger/marks.sql.js';
import { inTime, type FirstLeave } from './latecomers.sql.js';
import { type Maturity, matured } from './reached.sql.js';

/** Who is asked, as parts of a statement: contacts are `c`, their memberships `m`. */
export interface Audience {
  /** What stands after FROM, with a WHERE that more conditions may follow. */
  from: string;
  /** Unique and rising: planning goes on after the last one. */
  position: string;
  /** The link that somebody has already; null: one is made. */
  linkId: string;
}

/** Of those whom an invitation has reached, only some; nobody who has a row already. */
export interface OnlySome {
  /** Whoever has one of these links. */
  links?: string[];
  /** Whoever got their mail long enough ago. */
  maturity?: Maturity;
  /** Whoever got theirs, or finished, before the first mails of their zone leave. */
  leaves?: readonly FirstLeave[];
}

/** Who is asked, without whoever joined after it was frozen. */
export function audienceOf(distribution: Distribution, bindings: Bindings, now: Date, some: OnlySome = {}): Audience {
  const {
    parentId,
    audience: { listId, contactId },
  } = distribution;
  if (parentId !== null) {
    return invitedBy(distribution, bindings, some);
  }
  if (isDrawn(distribution)) {
    return drawn(distribution, bindings, now);
  }
  return listId !== null && contactId === null
    ? everybodyOn(distribution, listId, bindings, now)
    : onePerson(distribution, bindings);
}

/**
 * When somebody opted out of the list that is written to, or of one that the segment drew on; of a reminder or thank-you
 * that the segment of its invitation drew on.
 */
export function offListAt(distribution: Distribution, bindings: Bindings): string {
  const {
    brandId,
    id,
    parentId,
    segment,
    frozenAt,
    audience: { segmentId },
  } = distribution;
  if (segmentId === null && parentId === null) {
    return 'm.opted_out_at';
  }
  const lists =
    parentId === null && frozenAt === null
      ? `SELECT unnest(${bindings.put(segment === undefined ? [] : listsOf(segment))}::bigint[])`
      : `SELECT unnest(drew_on) FROM distributions WHERE brand_id = ${bindings.put(brandId)} AND id = ${bindings.put(parentId ?? id)}`;
  return `coalesce(m.opted_out_at, (SELECT min(k.opted_out_at) FROM contact_list_members k
    WHERE k.brand_id = c.brand_id AND k.contact_id = c.id AND k.list_id IN (${lists})))`;
}

const CONDITIONS = new SegmentConditions();
const ALL_NEW = { linkId: 'NULL::bigint' };

/** Whether it is not simply a list or a person: then who it is has to be kept when the audience is frozen. */
function isDrawn({ parentId, audience: { listId, contactId, segmentId, sample } }: Distribution): boolean {
  return parentId === null && contactId === null && (segmentId !== null || (listId !== null && sample !== null));
}

function everybodyOn({ brandId, frozenAt }: Distribution, listId: string, bindings: Bindings, now: Date): Audience {
  const from = `contact_list_members m JOIN contacts c ON c.brand_id = m.brand_id AND c.id = m.contact_id
     WHERE m.brand_id = ${bindings.put(brandId)} AND m.list_id = ${bindings.put(listId)} AND m.added_at <= ${bindings.put(frozenAt ?? now)}`;
  return { ...ALL_NEW, from, position: 'm.contact_id' };
}

/** Who was drawn when the audience was frozen; before that, who would be drawn now. A segment's people are on no list. */
function drawn(distribution: Distribution, bindings: Bindings, now: Date): Audience {
  const {
    id,
    brandId,
    frozenAt,
    audience: { listId },
  } = distribution;
  const chosen =
    frozenAt === null
      ? `(${drawnSql(distribution, bindings, now)})`
      : `(SELECT contact_id FROM distribution_audiences WHERE brand_id = ${bindings.put(brandId)} AND distribution_id = ${bindings.put(id)})`;
  const from = `${chosen} a JOIN contacts c ON c.brand_id = ${bindings.put(brandId)} AND c.id = a.contact_id
     LEFT JOIN contact_list_members m ON m.brand_id = c.brand_id AND m.contact_id = c.id AND m.list_id = ${bindings.put(listId)}::bigint
     WHERE true`;
  return { ...ALL_NEW, from, position: 'c.id' };
}

/** The people whose place in an order that only the seed decides is among the first; without a sample all of them. */
function drawnSql(distribution: Distribution, bindings: Bindings, now: Date): string {
  const {
    audience: { sample },
  } = distribution;
  const all = peopleSql(distribution, bindings, now);
  if (sample === null) {
    return all;
  }
  const most = bindings.put(sample.size);
  return `SELECT contact_id FROM (
      SELECT p.contact_id, count(*) OVER () AS total,
        row_number() OVER (ORDER BY hashint8extended(p.contact_id, ${bindings.put(sample.seed)}::bigint), p.contact_id) AS place
      FROM (${all}) p) numbered
    WHERE place <= ${sample.kind === 'number' ? `${most}::bigint` : `ceil(total * ${most}::numeric / 100)`}`;
}

/** Everybody of the list or segment. */
function peopleSql(
  { brandId, segment, audience: { listId, segmentId } }: Distribution,
  bindings: Bindings,
  now: Date,
): string {
  if (segmentId === null) {
    return `SELECT m.contact_id FROM contact_list_members m
      WHERE m.brand_id = ${bindings.put(brandId)} AND m.list_id = ${bindings.put(listId)} AND m.added_at <= ${bindings.put(now)}`;
  }
  const isMeant = segment === undefined ? 'false' : CONDITIONS.sqlOf(segment, { brandId, now, bindings });
  return `SELECT c.id AS contact_id FROM contacts c WHERE c.brand_id = ${bindings.put(brandId)} AND ${isMeant}`;
}

/** Reads what the segment says now; everything that asks for an audience before it is frozen needs that. */
export async function readSegment(unit: Unit, distribution: Distribution): Promise<void> {
  if (distribution.audience.segmentId !== null) {
    const [found] = await unit.sql<{ tree: SegmentTree }>('SELECT tree FROM segments WHERE id = $1', [
      distribution.audience.segmentId,
    ]);
    distribution.segment = found?.tree;
  }
}

/**
 * Keeps who was drawn: from now on nobody joins or leaves.
 * @returns how many they are; undefined where the list itself says it
 */
export async function freezeAudience(unit: Unit, distribution: Distribution, now: Date): Promise<number | undefined> {
  if (!isDrawn(distribution)) {
    return undefined;
  }
  if (distribution.segment !== undefined) {
    await noteDrawn(unit, distribution.id, listsOf(distribution.segment));
  }
  const bindings = new Bindings();
  const [brand, id] = [distribution.brandId, distribution.id].map((value) => `${bindings.put(value)}::bigint`);
  return unit.run(
    `INSERT INTO distribution_audiences (brand_id, distribution_id, contact_id)
     SELECT ${brand}, ${id}, contact_id FROM (${drawnSql(distribution, bindings, now)}) drawn`,
    bindings.values,
  );
}

/** The ledger says who was drawn from now on. */
export async function forgetAudience(unit: Unit, distribution: Distribution): Promise<void> {
  if (isDrawn(distribution)) {
    await unit.run('DELETE FROM distribution_audiences WHERE distribution_id = $1', [distribution.id]);
  }
}

function onePerson({ brandId, audience: { listId, contactId } }: Distribution, bindings: Bindings): Audience {
  const from = `contacts c
     LEFT JOIN contact_list_members m ON m.brand_id = c.brand_id AND m.contact_id = c.id AND m.list_id = ${bindings.put(listId)}
     WHERE c.brand_id = ${bindings.put(brandId)} AND c.id = ${bindings.put(contactId)}`;
  return { ...ALL_NEW, from, position: 'c.id' };
}

/** A reminder asks whoever got the invitation, a thank-you thanks whoever finished, or ended at all; both with the link of the invitation. */
function invitedBy(distribution: Distribution, bindings: Bindings, some: OnlySome): Audience {
  const {
    id,
    brandId,
    parentId,
    requestType,
    audience: { listId },
  } = distribution;
  const { links } = some;
  const over = whoseTurn(distribution, some, bindings);
  const from = `messages i
     JOIN distributions invitation ON invitation.brand_id = i.brand_id AND invitation.id = i.distribution_id
     JOIN contacts c ON c.brand_id = i.brand_id AND c.id = i.contact_id
     LEFT JOIN contact_list_members m ON m.brand_id = i.brand_id AND m.contact_id = i.contact_id AND m.list_id = ${bindings.put(listId)}
     LEFT JOIN links l ON l.brand_id = i.brand_id AND l.id = i.link_id
     ${over?.join ?? ''}
     WHERE i.brand_id = ${bindings.put(brandId)} AND i.distribution_id = ${bindings.put(parentId)} AND i.link_id IS NOT NULL
       AND ${requestType === 'ThankYou' ? isThanked(distribution, 'i') : `i.state IN ('accepted', 'uncertain')`}`;
  const own = links === undefined ? '' : ` AND ${notYet(id, links, bindings)}`;
  const due = over === undefined ? '' : ` AND ${over.condition}`;
  return { from: from + own + due, position: 'i.id', linkId: 'i.link_id' };
}

function whoseTurn(
  distribution: Distribution,
  { maturity, leaves }: OnlySome,
  bindings: Bindings,
): { join: string; condition: string } | undefined {
  if (maturity !== undefined) {
    return matured(distribution, maturity, bindings);
  }
  return leaves === undefined ? undefined : inTime(distribution, leaves, bindings);
}

function notYet(id: string, links: string[], bindings: Bindings): string {
  return `i.link_id = ANY (${bindings.put(links)}::bigint[]) AND NOT EXISTS (
    SELECT FROM messages o WHERE o.brand_id = i.brand_id AND o.distribution_id = ${bindings.put(id)} AND o.contact_id = i.contact_id)`;
}
