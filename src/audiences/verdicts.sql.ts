import { Bindings } from '../platform/db/bindings.js';
import type { Unit } from '../platform/db/database.js';
import type { Distribution } from '../ledger/distribution.entity.js';
import { audienceOf, type OnlySome } from './audience.sql.js';
import { verdictOf } from './eligibility.sql.js';
import { rivalsOf } from './exclusion.sql.js';
import type { AudienceRivals } from './policy.js';

/** What planning asks once for the whole audience, so that each batch needs no look over all of it. */
export interface AudienceFacts extends AudienceRivals, OnlySome {}

export async function audienceFacts(unit: Unit, distribution: Distribution, now: Date): Promise<AudienceFacts> {
  if (distribution.channel !== 'email') {
    return NO_FACTS;
  }
  const duplicates = distribution.plan.duplicates === 'all' ? [] : await duplicatesOf(unit, distribution, now);
  return { ...(await rivalsOf(unit, distribution, now)), duplicates };
}

/** Where nobody is mailed nothing has to be known. */
export const NO_FACTS: AudienceFacts = { duplicates: [], twins: [], rules: [] };

/**
 * The directory holds an address once, in whatever case; only blanks around it and other spellings of the same letters
 * can hide a second one. Without such addresses nothing has to be sorted (0.3 s instead of 3 for a million).
 */
async function duplicatesOf(unit: Unit, distribution: Distribution, now: Date): Promise<string[]> {
  if (distribution.parentId !== null) {
    return []; // the invitation has left them out
  }
  const bindings = new Bindings();
  const { from } = audienceOf(distribution, bindings, now);
  const [odd] = await unit.sql(
    `SELECT 1 FROM ${from} AND (c.email <> btrim(c.email) OR octet_length(c.email) <> length(c.email)) LIMIT 1`,
    bindings.values,
  );
  if (odd === undefined) {
    return [];
  }
  const { duplicates } = await unit.one<{ duplicates: string[] }>(
    `SELECT coalesce(array_agg(id), '{}') AS duplicates FROM (
       SELECT c.id, row_number() OVER (PARTITION BY lower(normalize(btrim(c.email))) ORDER BY c.id) AS place
       FROM ${from} AND c.email <> '') numbered WHERE place > 1`,
    bindings.values,
  );
  return duplicates;
}

/** How many of the audience get a mail, and how many don't for each reason; `reason` null: they get one. */
export function countVerdicts(
  unit: Unit,
  distribution: Distribution,
  facts: AudienceFacts,
  now: Date,
): Promise<{ reason: string | null; n: number }[]> {
  const bindings = new Bindings();
  const audience = audienceOf(distribution, bindings, now);
  const verdict = verdictOf({ distribution, facts, now, bindings });
  return unit.sql(
    `SELECT reason, count(*)::int AS n
     FROM (SELECT ${verdict} AS reason FROM ${audience.from}) verdicts GROUP BY reason ORDER BY n DESC`,
    bindings.values,
  );
}

/** Somebody who gets the mail, as previews read them. */
export interface Mailed {
  id: string;
  firstName: string;
  lastName: string;
  email: string;
  phone: string;
  extRef: string;
  language: string;
  embedded: Record<string, string>;
  listEmbedded: Record<string, string>;
}

/**
 * The first of the audience who get a mail, by the verdicts of planning. Whoever has the address of somebody before them
 * is left out here, so that no long list is sorted for ten people.
 */
export async function firstMailed(unit: Unit, distribution: Distribution, now: Date, count: number): Promise<Mailed[]> {
  const facts = { ...(await rivalsOf(unit, distribution, now)), duplicates: [] };
  const bindings = new Bindings();
  const audience = audienceOf(distribution, bindings, now);
  const verdict = verdictOf({ distribution, facts, now, bindings });
  const found = await unit.sql<Mailed>(
    `SELECT c.id, c.first_name AS "firstName", c.last_name AS "lastName", c.email, c.phone, c.ext_ref AS "extRef", c.language,
       c.embedded, coalesce(m.embedded, '{}') AS "listEmbedded"
     FROM ${audience.from} AND ${verdict} IS NULL ORDER BY ${audience.position} LIMIT ${bindings.put(2 * count)}::int`,
    bindings.values,
  );
  const key = ({ email }: Mailed): string => email.trim().normalize().toLowerCase();
  const byAddress = new Map(found.toReversed().map((one) => [key(one), one.id]));
  const isFirst = (one: Mailed): boolean =>
    distribution.plan.duplicates === 'all' || byAddress.get(key(one)) === one.id;
  return found.filter(isFirst).slice(0, count);
}
