import { Bindings } from '../platform/db/bindings.js';
import type { Unit } from '../platform/db/database.js';
import type { Distribution } from '../ledger/distribution.entity.js';
import { verdictOf } from './eligibility.sql.js';
import { audienceOf } from './audience.sql.js';
import type { AudienceFacts } from './verdicts.sql.js';

/** People who get a mail, of one language. */
export interface Readers {
  /** As it stands at the contacts; '' where nobody knows. */
  language: string;
  n: number;
  /** How many of them have no value, by the name of the field. */
  blank: Record<string, number>;
}

const COLUMNS: Readonly<Record<string, string>> = {
  FirstName: 'c.first_name',
  LastName: 'c.last_name',
  Phone: 'c.phone',
  ExternalDataReference: 'c.ext_ref',
  Language: 'c.language',
};
/** More languages and fields than this nobody reads of. */
const MOST_LANGUAGES = 200;
const MOST_FIELDS = 20;

/**
 * Who gets the mail, by language, and how many of them have no value for fields that it prints; one look at the audience.
 * @param fields names of contacts' fields, or `Field/…` for embedded data
 */
export function readersOf(
  unit: Unit,
  distribution: Distribution,
  { facts, now }: { facts: AudienceFacts; now: Date },
  fields: readonly string[],
): Promise<Readers[]> {
  const bindings = new Bindings();
  const audience = audienceOf(distribution, bindings, now);
  const verdict = verdictOf({ distribution, facts, now, bindings });
  const counts = fields.slice(0, MOST_FIELDS).flatMap((field) => {
    const name = `${bindings.put(field)}::text`;
    const column = field.startsWith('Field/')
      ? `coalesce(coalesce(m.embedded, '{}') ->> ${bindings.put(field.slice('Field/'.length))}::text, c.embedded ->> ${bindings.put(field.slice('Field/'.length))}::text, '')`
      : COLUMNS[field];
    return column === undefined ? [] : [`${name}, count(*) FILTER (WHERE ${column} = '')`];
  });
  return unit.sql<Readers>(
    `SELECT c.language, count(*)::int AS n, jsonb_build_object(${counts.join(', ')}) AS blank
     FROM ${audience.from} AND ${verdict} IS NULL GROUP BY c.language ORDER BY n DESC LIMIT ${MOST_LANGUAGES}`,
    bindings.values,
  );
}
