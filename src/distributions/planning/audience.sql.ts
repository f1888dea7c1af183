import { Bindings } from '../../platform/db/bindings.js';
import type { Unit } from '../../platform/db/database.js';
import type { Distribution } from '../distribution.entity.js';
import { followUpVerdict } from '../follow_ups/follow_up_verdict.sql.js';

/** Who is asked, as parts of a statement: contacts are `c`, their memberships `m`. */
export interface Audience {
  /** What stands after FROM, with a WHERE that more conditions may follow. */
  from: string;
  /** Unique and rising: planning goes on after the last one. */
  position: string;
  /** The link that somebody has already; null: one is made. */
  linkId: string;
  /** A reason of this kind of audience to get nothing, beside those of all; binds only when it is asked for. */
  verdict: () => string;
}

/**
 * Who is asked, without whoever joined after it was frozen.
 * @param links only whoever has one of these, of those whom an invitation has reached
 */
export function audienceOf(distribution: Distribution, bindings: Bindings, now: Date, links?: string[]): Audience {
  const { parentId, listId, contactId } = distribution;
  if (parentId !== null) {
    return invitedBy(distribution, bindings, now, links);
  }
  return listId !== null && contactId === null
    ? everybodyOn(distribution, listId, bindings, now)
    : onePerson(distribution, bindings);
}

const ALL_NEW = { linkId: 'NULL::bigint', verdict: () => 'NULL::text' };

function everybodyOn(distribution: Distribution, listId: string, bindings: Bindings, now: Date): Audience {
  const { brandId, frozenAt, sample } = distribution;
  if (sample !== null) {
    return drawn(distribution, listId, bindings, now);
  }
  const from = `contact_list_members m JOIN contacts c ON c.brand_id = m.brand_id AND c.id = m.contact_id
     WHERE m.brand_id = ${bindings.put(brandId)} AND m.list_id = ${bindings.put(listId)} AND m.added_at <= ${bindings.put(frozenAt ?? now)}`;
  return { ...ALL_NEW, from, position: 'm.contact_id' };
}

/** Who was drawn when the audience was frozen; before that, who would be drawn now. */
function drawn(distribution: Distribution, listId: string, bindings: Bindings, now: Date): Audience {
  const { id, brandId, frozenAt } = distribution;
  const chosen =
    frozenAt === null
      ? `(${sampleSql(distribution, bindings, now)})`
      : `(SELECT contact_id FROM distribution_audiences WHERE distribution_id = ${bindings.put(id)})`;
  const from = `${chosen} a JOIN contacts c ON c.brand_id = ${bindings.put(brandId)} AND c.id = a.contact_id
     LEFT JOIN contact_list_members m ON m.brand_id = c.brand_id AND m.contact_id = c.id AND m.list_id = ${bindings.put(listId)}
     WHERE true`;
  return { ...ALL_NEW, from, position: 'c.id' };
}

/** The members whose place in an order that only the seed decides is among the first. */
function sampleSql({ brandId, listId, sample }: Distribution, bindings: Bindings, now: Date): string {
  const { kind, size, seed } = sample ?? { kind: 'number', size: 0, seed: 0 };
  const most = bindings.put(size);
  return `SELECT contact_id FROM (
      SELECT m.contact_id, count(*) OVER () AS total,
        row_number() OVER (ORDER BY hashint8extended(m.contact_id, ${bindings.put(seed)}::bigint), m.contact_id) AS place
      FROM contact_list_members m
      WHERE m.brand_id = ${bindings.put(brandId)} AND m.list_id = ${bindings.put(listId)} AND m.added_at <= ${bindings.put(now)}) numbered
    WHERE place <= ${kind === 'number' ? `${most}::bigint` : `ceil(total * ${most}::numeric / 100)`}`;
}

/** Keeps who was drawn: from now on nobody joins or leaves. */
export async function freezeSample(unit: Unit, distribution: Distribution, now: Date): Promise<void> {
  if (distribution.sample !== null && distribution.listId !== null) {
    const bindings = new Bindings();
    const [brand, id] = [distribution.brandId, distribution.id].map((value) => `${bindings.put(value)}::bigint`);
    await unit.run(
      `INSERT INTO distribution_audiences (brand_id, distribution_id, contact_id)
       SELECT ${brand}, ${id}, contact_id FROM (${sampleSql(distribution, bindings, now)}) drawn`,
      bindings.values,
    );
  }
}

/** The ledger says who was drawn from now on. */
export async function forgetSample(unit: Unit, { id, sample }: Distribution): Promise<void> {
  if (sample !== null) {
    await unit.run('DELETE FROM distribution_audiences WHERE distribution_id = $1', [id]);
  }
}

function onePerson({ brandId, listId, contactId }: Distribution, bindings: Bindings): Audience {
  const from = `contacts c
     LEFT JOIN contact_list_members m ON m.brand_id = c.brand_id AND m.contact_id = c.id AND m.list_id = ${bindings.put(listId)}
     WHERE c.brand_id = ${bindings.put(brandId)} AND c.id = ${bindings.put(contactId)}`;
  return { ...ALL_NEW, from, position: 'c.id' };
}

/** A reminder asks whoever got the invitation, a thank-you thanks whoever finished; both with the link of the invitation. */
function invitedBy(distribution: Distribution, bindings: Bindings, now: Date, links?: string[]): Audience {
  const { id, brandId, parentId, listId, requestType } = distribution;
  const from = `messages i
     JOIN distributions invitation ON invitation.brand_id = i.brand_id AND invitation.id = i.distribution_id
     JOIN contacts c ON c.brand_id = i.brand_id AND c.id = i.contact_id
     LEFT JOIN contact_list_members m ON m.brand_id = i.brand_id AND m.contact_id = i.contact_id AND m.list_id = ${bindings.put(listId)}
     LEFT JOIN links l ON l.brand_id = i.brand_id AND l.id = i.link_id
     WHERE i.brand_id = ${bindings.put(brandId)} AND i.distribution_id = ${bindings.put(parentId)} AND i.link_id IS NOT NULL
       AND ${requestType === 'ThankYou' ? 'i.finished_at IS NOT NULL' : `i.state IN ('accepted', 'uncertain')`}`;
  const own = links === undefined ? '' : ` AND ${notYet(id, links, bindings)}`;
  const verdict = followUpVerdict(`'${requestType}'`, 'i');
  const isOver = (): string => `l.revoked_at IS NOT NULL OR l.expires_at <= ${bindings.put(now)}`;
  return {
    from: from + own,
    position: 'i.id',
    linkId: 'i.link_id',
    verdict: () =>
      requestType === 'Reminder' ? `coalesce(${verdict}, CASE WHEN ${isOver()} THEN 'link_expired' END)` : verdict,
  };
}

function notYet(id: string, links: string[], bindings: Bindings): string {
  return `i.link_id = ANY (${bindings.put(links)}::bigint[]) AND NOT EXISTS (
    SELECT FROM messages o WHERE o.brand_id = i.brand_id AND o.distribution_id = ${bindings.put(id)} AND o.contact_id = i.contact_id)`;
}
