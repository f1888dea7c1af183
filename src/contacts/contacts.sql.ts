/**
 * SQL of contacts written by hand: upserts that say what they did, and reads that stay fast in lists of a million.
 * Conditions on `contacts` compare plain columns only: row-level security keeps functions that are not leakproof
 * (`lower`, `LIKE`) from using an index.
 */

export const CONTACT = `c.id, c.first_name AS "firstName", c.last_name AS "lastName", c.email, c.phone, c.ext_ref AS "extRef",
  c.language, c.time_zone AS "timeZone", c.embedded, c.opted_out_at AS "optedOutAt", c.opted_out_by AS "optedOutBy",
  c.created_at AS "createdAt", c.modified_at AS "modifiedAt"`;

export const MEMBER = `${CONTACT}, m.embedded AS "listEmbedded", m.opted_out_at AS "listOptedOutAt",
  m.opted_out_by AS "listOptedOutBy", m.added_at AS "addedAt"`;

/** Makes a contact, or completes the one with the same address or reference; blanks leave values alone. */
export const PUT_CONTACT = `
  INSERT INTO contacts AS c (brand_id, first_name, last_name, email, phone, ext_ref, language, time_zone, embedded, created_at, modified_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10)
  ON CONFLICT (brand_id, match_key) DO UPDATE SET
    first_name = coalesce(nullif(EXCLUDED.first_name, ''), c.first_name),
    last_name = coalesce(nullif(EXCLUDED.last_name, ''), c.last_name),
    phone = coalesce(nullif(EXCLUDED.phone, ''), c.phone),
    ext_ref = coalesce(nullif(EXCLUDED.ext_ref, ''), c.ext_ref),
    language = coalesce(nullif(EXCLUDED.language, ''), c.language),
    time_zone = coalesce(nullif(EXCLUDED.time_zone, ''), c.time_zone),
    embedded = c.embedded || EXCLUDED.embedded,
    modified_at = EXCLUDED.modified_at
  RETURNING c.id, (xmax = 0) AS "isNew"`;

/** Puts a contact on a list and keeps the list's count, in one statement. */
export const ADD_MEMBER = `
  WITH added AS (
    INSERT INTO contact_list_members (brand_id, list_id, contact_id, added_at) VALUES ($1, $2, $3, $4)
    ON CONFLICT DO NOTHING RETURNING 1)
  UPDATE contact_lists SET contact_count = contact_count + (SELECT count(*) FROM added)::int, modified_at = $4
  WHERE id = $2 RETURNING (SELECT count(*) FROM added)::int AS added`;

export const REMOVE_MEMBER = `
  WITH removed AS (DELETE FROM contact_list_members WHERE list_id = $1 AND contact_id = $2 RETURNING 1)
  UPDATE contact_lists SET contact_count = contact_count - 1, modified_at = $3
  WHERE id = $1 AND EXISTS (SELECT FROM removed) RETURNING id`;

/** Takes a person off every list that held it, out of their counts, and out of sight where only its address is kept. */
export const DELETE_CONTACT = `
  WITH held AS (DELETE FROM contact_list_members WHERE contact_id = $1 RETURNING list_id),
       counted AS (UPDATE contact_lists SET contact_count = contact_count - 1 WHERE id IN (SELECT list_id FROM held)),
       forgotten AS (UPDATE suppressions SET address = '' WHERE address <> '' AND address_hash IN (
         SELECT suppression_hash(email) FROM contacts WHERE id = $1))
  SELECT 1`;

/** Either end of the directory or of a list, by number: the primary keys answer it at any size. */
export function contactsPage(ofList: boolean, newestFirst: boolean): string {
  const [key, comparison, order] = newestFirst ? ['id', '<', 'DESC'] : ['id', '>', 'ASC'];
  return ofList
    ? `SELECT ${MEMBER} FROM contact_list_members m JOIN contacts c ON c.brand_id = m.brand_id AND c.id = m.contact_id
       WHERE m.list_id = $1 AND ($2::bigint IS NULL OR m.contact_${key} ${comparison} $2)
       ORDER BY m.contact_${key} ${order} LIMIT $3 OFFSET $4`
    : `SELECT ${CONTACT} FROM contacts c
       WHERE $1::bigint IS NULL AND ($2::bigint IS NULL OR c.${key} ${comparison} $2)
       ORDER BY c.${key} ${order} LIMIT $3 OFFSET $4`;
}

/**
 * People whose e-mail, first or last name begins with $2, at most $4 of them. Three ranges of three indexes, each cut
 * off early; a membership is one look-up by primary key.
 */
export function contactSearch(ofList: boolean): string {
  const member = ofList
    ? 'AND EXISTS (SELECT FROM contact_list_members m WHERE m.brand_id = c.brand_id AND m.list_id = $1 AND m.contact_id = c.id)'
    : 'AND $1::bigint IS NULL';
  const range = (column: string, prefix: string): string =>
    `(SELECT c.id FROM contacts c WHERE c.${column} >= ${prefix}$2 AND c.${column} < ${prefix}$3 ${member}
      ORDER BY c.brand_id, c.${column} LIMIT $4)`;
  const found = [range('match_key', `'e:' || `), range('first_last', ''), range('last_first', '')].join(' UNION ');
  const columns = ofList ? MEMBER : CONTACT;
  const join = ofList
    ? 'JOIN contact_list_members m ON m.brand_id = c.brand_id AND m.list_id = $1 AND m.contact_id = c.id'
    : '';
  return `SELECT ${columns} FROM contacts c ${join} WHERE c.id IN (${found}) ORDER BY c.last_first, c.id LIMIT $4`;
}
