import { Migration } from '@mikro-orm/migrations';
import { wallAround } from './brand_tables.js';

/**
 * Opt-outs that outlive their contacts: by hash, like suppressions. Triggers keep them and hold whoever comes back to
 * them, whichever way contacts and members are written.
 */
export class Migration20261201030000_opt_outs extends Migration {
  override up(): void {
    [...table, ...ofContacts, ...ofMembers, ...ofMessages].forEach((statement) => this.addSql(statement));
    // The owner of the tables is bound by their walls too, and brands cannot be listed from here.
    TABLES.forEach((name) => this.addSql(`ALTER TABLE ${name} NO FORCE ROW LEVEL SECURITY`));
    TAKE_ALONG.forEach((statement) => this.addSql(statement));
    TABLES.forEach((name) => this.addSql(`ALTER TABLE ${name} FORCE ROW LEVEL SECURITY`));
  }
}

const TABLES = [
  'opt_outs',
  'contacts',
  'contact_list_members',
  'suppressions',
  'messages',
  'message_events',
  'distributions',
  'segments',
];

const table = [
  `CREATE TABLE opt_outs (
     brand_id bigint NOT NULL REFERENCES brands,
     -- 0: of the brand.
     list_id bigint NOT NULL DEFAULT 0,
     person_hash bytea NOT NULL, source text, at timestamptz NOT NULL,
     -- Who decided it in the person's name, and the mail that it was said by.
     actor_id bigint, message_id bigint,
     PRIMARY KEY (brand_id, list_id, person_hash))`,
  ...wallAround('opt_outs'),
  // By what somebody is known again: the address, without one the reference, without that the number.
  `CREATE FUNCTION person_hash(email text, ext_ref text, phone text) RETURNS bytea LANGUAGE sql IMMUTABLE PARALLEL SAFE
     RETURN CASE WHEN btrim(email) <> '' THEN suppression_hash(btrim(email)) WHEN ext_ref <> '' THEN suppression_hash('r:' || ext_ref)
       WHEN phone <> '' THEN suppression_hash('p:' || phone) END`,
  `GRANT EXECUTE ON FUNCTION person_hash(text, text, text) TO canvass_app`,
  // The lists that a segment's people were drawn from; their opt-outs hold for it.
  `ALTER TABLE distributions ADD COLUMN drew_on bigint[] NOT NULL DEFAULT '{}'`,
];

// New rows come by the million, so they are looked at in sets, and only where somebody has ever opted out.
const ofContacts = [
  `CREATE FUNCTION hold_new_contacts() RETURNS trigger LANGUAGE plpgsql AS $$
   BEGIN
     INSERT INTO opt_outs (brand_id, person_hash, source, at)
     SELECT brand_id, hash, min(opted_out_by), min(opted_out_at)
     FROM (SELECT *, person_hash(email, ext_ref, phone) AS hash FROM new_rows WHERE opted_out_at IS NOT NULL) said_no
     WHERE hash IS NOT NULL GROUP BY brand_id, hash ON CONFLICT DO NOTHING;
     IF EXISTS (SELECT FROM opt_outs WHERE list_id = 0) THEN
       UPDATE contacts c SET opted_out_at = o.at, opted_out_by = o.source
       FROM new_rows n JOIN opt_outs o ON o.brand_id = n.brand_id AND o.list_id = 0
         AND o.person_hash = person_hash(n.email, n.ext_ref, n.phone)
       WHERE n.opted_out_at IS NULL AND c.brand_id = n.brand_id AND c.id = n.id;
     END IF;
     RETURN NULL;
   END $$`,
  `CREATE TRIGGER hold_new AFTER INSERT ON contacts REFERENCING NEW TABLE AS new_rows
     FOR EACH STATEMENT EXECUTE FUNCTION hold_new_contacts()`,
  // Who opts out is kept; who gets another address takes the wish along, and finds the one that was said by it before.
  `CREATE FUNCTION hold_changed_contact() RETURNS trigger LANGUAGE plpgsql AS $$
   DECLARE own bytea := person_hash(NEW.email, NEW.ext_ref, NEW.phone);
   BEGIN
     IF own IS NULL THEN
       RETURN NEW;
     END IF;
     IF NEW.opted_out_at IS NOT NULL THEN
       INSERT INTO opt_outs (brand_id, person_hash, source, at) VALUES (NEW.brand_id, own, NEW.opted_out_by, NEW.opted_out_at)
       ON CONFLICT DO NOTHING;
     ELSE
       SELECT at, source INTO NEW.opted_out_at, NEW.opted_out_by FROM opt_outs
       WHERE brand_id = NEW.brand_id AND list_id = 0 AND person_hash = own;
     END IF;
     IF own IS DISTINCT FROM person_hash(OLD.email, OLD.ext_ref, OLD.phone) THEN
       INSERT INTO opt_outs (brand_id, list_id, person_hash, source, at)
       SELECT brand_id, list_id, own, opted_out_by, opted_out_at FROM contact_list_members
       WHERE brand_id = NEW.brand_id AND contact_id = NEW.id AND opted_out_at IS NOT NULL
       ON CONFLICT DO NOTHING;
       UPDATE contact_list_members m SET opted_out_at = o.at, opted_out_by = o.source FROM opt_outs o
       WHERE m.brand_id = NEW.brand_id AND m.contact_id = NEW.id AND m.opted_out_at IS NULL
         AND o.brand_id = m.brand_id AND o.list_id = m.list_id AND o.person_hash = own;
     END IF;
     RETURN NEW;
   END $$`,
  `CREATE TRIGGER hold_changed BEFORE UPDATE ON contacts FOR EACH ROW
     WHEN (NEW.email <> OLD.email OR NEW.ext_ref <> OLD.ext_ref OR NEW.phone <> OLD.phone
       OR (NEW.opted_out_at IS NOT NULL AND OLD.opted_out_at IS NULL))
     EXECUTE FUNCTION hold_changed_contact()`,
];

const ofMembers = [
  `CREATE FUNCTION hold_new_members() RETURNS trigger LANGUAGE plpgsql AS $$
   BEGIN
     INSERT INTO opt_outs (brand_id, list_id, person_hash, source, at)
     SELECT n.brand_id, n.list_id, hash, min(n.opted_out_by), min(n.opted_out_at)
     FROM new_rows n JOIN contacts c ON c.brand_id = n.brand_id AND c.id = n.contact_id
     CROSS JOIN LATERAL person_hash(c.email, c.ext_ref, c.phone) AS hash
     WHERE n.opted_out_at IS NOT NULL AND hash IS NOT NULL GROUP BY 1, 2, 3 ON CONFLICT DO NOTHING;
     IF EXISTS (SELECT FROM opt_outs WHERE list_id = ANY (ARRAY(SELECT DISTINCT list_id FROM new_rows))) THEN
       UPDATE contact_list_members m SET opted_out_at = o.at, opted_out_by = o.source
       FROM new_rows n JOIN contacts c ON c.brand_id = n.brand_id AND c.id = n.contact_id
       JOIN opt_outs o ON o.brand_id = n.brand_id AND o.list_id = n.list_id AND o.person_hash = person_hash(c.email, c.ext_ref, c.phone)
       WHERE n.opted_out_at IS NULL AND m.brand_id = n.brand_id AND m.list_id = n.list_id AND m.contact_id = n.contact_id;
     END IF;
     RETURN NULL;
   END $$`,
  `CREATE TRIGGER hold_new AFTER INSERT ON contact_list_members REFERENCING NEW TABLE AS new_rows
     FOR EACH STATEMENT EXECUTE FUNCTION hold_new_members()`,
  `CREATE FUNCTION keep_list_opt_out() RETURNS trigger LANGUAGE plpgsql AS $$
   BEGIN
     INSERT INTO opt_outs (brand_id, list_id, person_hash, source, at)
     SELECT NEW.brand_id, NEW.list_id, hash, NEW.opted_out_by, NEW.opted_out_at
     FROM contacts c CROSS JOIN LATERAL person_hash(c.email, c.ext_ref, c.phone) AS hash
     WHERE c.brand_id = NEW.brand_id AND c.id = NEW.contact_id AND hash IS NOT NULL
     ON CONFLICT DO NOTHING;
     RETURN NULL;
   END $$`,
  `CREATE TRIGGER keep_opt_out AFTER UPDATE ON contact_list_members FOR EACH ROW
     WHEN (NEW.opted_out_at IS NOT NULL AND OLD.opted_out_at IS NULL) EXECUTE FUNCTION keep_list_opt_out()`,
];

// A mail's opt-out works after its address was erased: the hash stays.
const ofMessages = [
  `ALTER TABLE messages ADD COLUMN address_hash bytea`,
  `CREATE FUNCTION keep_address_hash() RETURNS trigger LANGUAGE plpgsql AS $$
   BEGIN
     NEW.address_hash := person_hash(OLD.address, '', '');
     RETURN NEW;
   END $$`,
  `CREATE TRIGGER keep_hash BEFORE UPDATE OF address ON messages FOR EACH ROW
     WHEN (NEW.address = '' AND OLD.address <> '') EXECUTE FUNCTION keep_address_hash()`,
];

/** Wishes that were said before, also by people who are gone; and whoever came back against theirs is out again. */
export const TAKE_ALONG = [
  `INSERT INTO opt_outs (brand_id, person_hash, source, at)
   SELECT brand_id, hash, min(opted_out_by), min(opted_out_at)
   FROM (SELECT *, person_hash(email, ext_ref, phone) AS hash FROM contacts WHERE opted_out_at IS NOT NULL) said_no
   WHERE hash IS NOT NULL GROUP BY brand_id, hash`,
  `INSERT INTO opt_outs (brand_id, list_id, person_hash, source, at)
   SELECT m.brand_id, m.list_id, hash, min(m.opted_out_by), min(m.opted_out_at) FROM contact_list_members m
   JOIN contacts c ON c.brand_id = m.brand_id AND c.id = m.contact_id
   CROSS JOIN LATERAL person_hash(c.email, c.ext_ref, c.phone) AS hash
   WHERE m.opted_out_at IS NOT NULL AND hash IS NOT NULL GROUP BY 1, 2, 3`,
  `INSERT INTO opt_outs (brand_id, person_hash, source, at, message_id)
   SELECT brand_id, address_hash, 'link', created_at, message_id FROM suppressions WHERE reason = 'opted_out' AND channel = 'email'
   ON CONFLICT DO NOTHING`,
  `DELETE FROM suppressions WHERE reason = 'opted_out' AND channel = 'email'`,
  `INSERT INTO opt_outs (brand_id, person_hash, source, at, message_id)
   SELECT DISTINCT ON (m.brand_id, hash) m.brand_id, hash, last.source, last.at, m.id FROM messages m
   CROSS JOIN LATERAL person_hash(m.address, '', '') AS hash
   CROSS JOIN LATERAL (SELECT e.kind, e.source, e.at FROM message_events e WHERE e.brand_id = m.brand_id AND e.message_id = m.id
     AND e.kind IN ('opted_out', 'opted_in') AND e.content ->> 'level' = 'brand' ORDER BY e.id DESC LIMIT 1) AS last
   WHERE m.contact_id IS NULL AND m.opted_out_at IS NOT NULL AND hash IS NOT NULL AND last.kind = 'opted_out'
   ORDER BY m.brand_id, hash, last.at ON CONFLICT DO NOTHING`,
  `UPDATE contacts c SET opted_out_at = o.at, opted_out_by = o.source FROM opt_outs o
   WHERE c.opted_out_at IS NULL AND o.brand_id = c.brand_id AND o.list_id = 0 AND o.person_hash = person_hash(c.email, c.ext_ref, c.phone)`,
  `UPDATE distributions d SET drew_on = ARRAY(SELECT (k ->> 'value')::bigint FROM jsonb_array_elements(s.tree -> 'conditions') k
     WHERE k ->> 'field' = 'list' AND k ->> 'operator' = 'yes' AND k ->> 'value' ~ '^[0-9]{1,18}$')
   FROM segments s WHERE s.brand_id = d.brand_id AND s.id = d.segment_id AND d.frozen_at IS NOT NULL`,
];
