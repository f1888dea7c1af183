/**
 * One import into the directory and a list, in sets. All statements run in one transaction in this order; when one fails
 * nothing has happened. Measured figures: bench/contacts_import.ts.
 *
 * `import_rows` lives as long as the transaction. It is filled once with everything that later statements need (which
 * contact a row means, whether anything differs, whether the contact is on the list), so that each of them is one pass.
 */

/** What a contact's match key becomes when a row found it by its ContactID. */
const OWN_KEY = `CASE WHEN coalesce(nullif(s.email, ''), i.email) <> '' THEN 'e:' || lower(coalesce(nullif(s.email, ''), i.email))
  WHEN coalesce(nullif(s.ext_ref, ''), i.ext_ref) <> '' THEN 'r:' || coalesce(nullif(s.ext_ref, ''), i.ext_ref) END`;

const FIELDS = ['first_name', 'last_name', 'email', 'phone', 'ext_ref', 'language', 'time_zone'];

export const MAKE_ROWS = `
  CREATE TEMP TABLE import_rows (
    line int, known_id bigint, new_id bigint, is_first boolean, is_member boolean, differs boolean, member_differs boolean, match_key text COLLATE "C",
    own_key text COLLATE "C", ${FIELDS.map((field) => `${field} text`).join(', ')},
    embedded jsonb, list_embedded jsonb, unsubscribed boolean, list_unsubscribed boolean) ON COMMIT DROP`;

/**
 * New contacts are numbered in the order of the file, so that the list shows them so.
 * @param byId whether the file has a column of our own contact ids
 */
export function fillRows(byId: boolean): string {
  const c = byId ? (column: string) => `coalesce(i.${column}, k.${column})` : (column: string) => `k.${column}`;
  const differs = FIELDS.map((field) => `(s.${field} <> '' AND s.${field} <> ${c(field)})`).join(' OR ');
  // Rows of one person: the first one counts. Whom a row means is known by id, else by match key; rows with neither are new.
  const person = `PARTITION BY coalesce('#' || ${c('id')}, s.match_key, s.line::text) ORDER BY s.line`;
  const address = `PARTITION BY coalesce(${OWN_KEY}, s.line::text) ORDER BY s.line`;
  const isFirst = `row_number() OVER (${person}) = 1${byId ? ` AND row_number() OVER (${address}) = 1` : ''}`;
  return `
  INSERT INTO import_rows
  SELECT line, known_id, CASE WHEN known_id IS NULL AND is_first THEN nextval('contacts_id_seq') END, is_first, is_member, differs, member_differs,
         match_key, own_key, ${FIELDS.join(', ')}, embedded, list_embedded, unsubscribed, list_unsubscribed
  FROM (
    SELECT s.line, ${c('id')} AS known_id, ${isFirst} AS is_first, m.contact_id IS NOT NULL AS is_member,
           (${differs}) OR NOT ${c('embedded')} @> coalesce(s.embedded, '{}') OR (s.unsubscribed = 't' AND ${c('opted_out_at')} IS NULL) AS differs,
           NOT m.embedded @> coalesce(s.list_embedded, '{}') OR (s.list_unsubscribed = 't' AND m.opted_out_at IS NULL) AS member_differs,
           s.match_key, ${byId ? `CASE WHEN i.id IS NULL THEN s.match_key ELSE ${OWN_KEY} END` : 's.match_key'} AS own_key,
           ${FIELDS.map((field) => `s.${field}`).join(', ')}, s.embedded, s.list_embedded,
           s.unsubscribed = 't' AS unsubscribed, s.list_unsubscribed = 't' AS list_unsubscribed
    FROM contact_import_staging s
    ${byId ? 'LEFT JOIN contacts i ON i.brand_id = $2 AND i.id = s.contact_id' : ''}
    LEFT JOIN contacts k ON k.brand_id = $2 AND k.match_key = s.match_key
    LEFT JOIN contact_list_members m ON m.brand_id = $2 AND m.list_id = $3 AND m.contact_id = ${c('id')}
    WHERE s.import_id = $1
    ORDER BY s.line) read`;
}

/**
 * Before people who are known are changed. Right after another import the planner takes their tables for empty, and would look
 * through all rows for each of their people: with an index and figures of its own the rows are found from either side.
 */
export const INDEX_ROWS = 'CREATE INDEX ON import_rows (known_id)';

/** Rows that would take an address away from another contact: only possible where ContactIDs are given. */
export const REJECT_TAKEN = `
  WITH taken AS (
    UPDATE import_rows r SET is_first = false
    FROM contacts c
    WHERE r.is_first AND r.known_id IS NOT NULL AND r.own_key IS NOT NULL
      AND c.brand_id = $2 AND c.match_key = r.own_key AND c.id <> r.known_id
    RETURNING r.line, r.email, r.ext_ref)
  INSERT INTO contact_import_rejects (brand_id, import_id, line, kind, column_name, reason, value, cells)
  SELECT $2, $1, line, 'taken', '', 'has the address of another contact', coalesce(nullif(email, ''), ext_ref), '{}' FROM taken`;

/** The first thousand repetitions are named; the figure counts all. */
export const NOTE_DUPLICATES = `
  INSERT INTO contact_import_rejects (brand_id, import_id, line, kind, column_name, reason, value, cells)
  SELECT $2, $1, line, 'duplicate', '', 'is in the file already, further up', coalesce(nullif(email, ''), ext_ref), '{}'
  FROM import_rows WHERE NOT is_first ORDER BY line LIMIT 1000
  ON CONFLICT DO NOTHING`;

export const COUNT_ROWS = `
  SELECT count(*) FILTER (WHERE is_first AND known_id IS NULL)::int AS created,
         count(*) FILTER (WHERE is_first AND known_id IS NOT NULL AND (differs OR member_differs OR NOT is_member))::int AS updated,
         count(*) FILTER (WHERE is_first AND known_id IS NOT NULL AND NOT differs AND NOT member_differs AND is_member)::int AS unchanged,
         count(*) FILTER (WHERE NOT is_first)::int AS repeated
  FROM import_rows`;

/** Imports of a brand merge one after the other: two files with the same people in another order would wait for each other. */
export const LOCK_MERGES = `SELECT pg_advisory_xact_lock(hashtextextended('merging ' || current_setting('app.brand'), 0))`;

/** Whom somebody has entered since the rows were looked up is left out, and completed as everybody who is known. */
export const INSERT_CONTACTS = `
  INSERT INTO contacts (brand_id, id, ${FIELDS.join(', ')}, embedded, opted_out_at, opted_out_by, created_at, modified_at)
  OVERRIDING SYSTEM VALUE
  SELECT $1, new_id, ${FIELDS.join(', ')}, coalesce(embedded, '{}'), CASE WHEN unsubscribed THEN $2::timestamptz END,
         CASE WHEN unsubscribed THEN 'import' END, $2, $2
  FROM import_rows WHERE new_id IS NOT NULL ON CONFLICT (brand_id, match_key) DO NOTHING`;

/** Rows whose people were entered meanwhile, e.g. by a program: from here on they mean these. */
export const KNOW_ENTERED = `
  UPDATE import_rows r SET known_id = c.id, new_id = NULL, differs = true, member_differs = true, is_member = EXISTS (
    SELECT FROM contact_list_members m WHERE m.brand_id = $1 AND m.list_id = $2 AND m.contact_id = c.id)
  FROM contacts c WHERE r.new_id IS NOT NULL AND c.brand_id = $1 AND c.match_key = r.match_key AND c.id <> r.new_id`;

/** Blanks leave values alone, and an import never opts anybody back in. */
export const UPDATE_CONTACTS = `
  UPDATE contacts c SET
    ${FIELDS.map((field) => `${field} = coalesce(nullif(r.${field}, ''), c.${field})`).join(', ')},
    embedded = c.embedded || coalesce(r.embedded, '{}'),
    opted_out_by = CASE WHEN r.unsubscribed AND c.opted_out_at IS NULL THEN 'import' ELSE c.opted_out_by END,
    opted_out_at = CASE WHEN r.unsubscribed THEN coalesce(c.opted_out_at, $2) ELSE c.opted_out_at END,
    modified_at = $2
  FROM import_rows r
  WHERE c.brand_id = $1 AND c.id = r.known_id AND r.is_first AND r.differs`;

export const INSERT_MEMBERS = `
  INSERT INTO contact_list_members (brand_id, list_id, contact_id, embedded, opted_out_at, opted_out_by, added_at)
  SELECT $1, $3, coalesce(known_id, new_id), coalesce(list_embedded, '{}'),
         CASE WHEN list_unsubscribed THEN $2::timestamptz END, CASE WHEN list_unsubscribed THEN 'import' END, $2
  FROM import_rows WHERE is_first AND NOT is_member
  ON CONFLICT DO NOTHING`;

export const UPDATE_MEMBERS = `
  UPDATE contact_list_members m SET
    embedded = m.embedded || coalesce(r.list_embedded, '{}'),
    opted_out_by = CASE WHEN r.list_unsubscribed AND m.opted_out_at IS NULL THEN 'import' ELSE m.opted_out_by END,
    opted_out_at = CASE WHEN r.list_unsubscribed THEN coalesce(m.opted_out_at, $2) ELSE m.opted_out_at END
  FROM import_rows r
  WHERE m.brand_id = $1 AND m.list_id = $3 AND m.contact_id = r.known_id AND r.is_first AND r.is_member AND r.member_differs`;

/**
 * Last of all: people who are opted out, of the brand or of the list, although the file says nothing of it. They are looked
 * up one by one: what the planner knows of the tables is from before these rows came.
 */
export const COUNT_KEPT_OPT_OUTS = `
  SELECT count(*)::int AS kept FROM import_rows r
  WHERE r.is_first AND NOT r.unsubscribed AND (
    EXISTS (SELECT FROM contacts c WHERE c.brand_id = $1 AND c.id = coalesce(r.known_id, r.new_id) AND c.opted_out_at IS NOT NULL)
    OR (NOT r.list_unsubscribed AND EXISTS (SELECT FROM contact_list_members m
      WHERE m.brand_id = $1 AND m.list_id = $2 AND m.contact_id = coalesce(r.known_id, r.new_id) AND m.opted_out_at IS NOT NULL)))`;
