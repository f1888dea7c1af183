import { Injectable } from '@nestjs/common';
import { mustBeAllowed } from '../brands/access.js';
import type { Actor } from '../platform/auth/actor.js';
import { Database, type Unit } from '../platform/db/database.js';
import type { ContactFields, Embedded, OptOutSource } from './contact.entity.js';
import { CONTACT, contactSearch, contactsPage, MEMBER } from './contacts.sql.js';

export interface ContactRow extends ContactFields {
  id: string;
  embedded: Embedded;
  optedOutAt: Date | null;
  optedOutBy: OptOutSource | null;
  createdAt: Date;
  modifiedAt: Date;
}

/** A contact as a member of a list; absent where the directory is read. */
export interface MemberRow extends ContactRow {
  listEmbedded?: Embedded;
  listOptedOutAt?: Date | null;
  listOptedOutBy?: OptOutSource | null;
  addedAt?: Date;
}

export interface Membership {
  listId: string;
  listName: string;
  embedded: Embedded;
  optedOutAt: Date | null;
  optedOutBy: OptOutSource | null;
  addedAt: Date;
}

export interface ContactsQuery {
  /** Undefined reads the whole directory. */
  listId?: string | undefined;
  size: number;
  /** Number of the last contact that was shown. */
  after?: string | undefined;
  /** How many to leave out, for programs that count them. */
  skip?: number | undefined;
  /** Pages show the newest first, programs read in the order of entry. */
  newestFirst?: boolean;
}

export interface OptOut {
  contactId: string;
  listId: string | null;
  level: 'list' | 'brand';
  by: OptOutSource;
  at: Date;
  /** Who decided it, where somebody here did. */
  actorId?: string;
}

export interface OptOutStatus {
  email: string;
  name: string;
  brandOptedOutAt: Date | null;
  brandOptedOutBy: OptOutSource | null;
  listOptedOutAt: Date | null;
  listOptedOutBy: OptOutSource | null;
}

export interface Suppression {
  address: string;
  channel?: 'email' | 'sms';
  /** Such as `bad_address` or `complaint`. */
  reason: string;
  /** The server's words. */
  evidence?: string;
  at: Date;
  expiresAt?: Date | null;
  /** The message that it became known by. */
  messageId?: string | null;
  /** Who decided it, where a person did. */
  addedBy?: string | null;
  /** Somebody typed or imported it and wants to read it again; else only its hash is kept. */
  keepsAddress?: boolean;
}

/** As `ContactsService.suppress`, within a unit that is open; the first evidence of the same reason stays. */
export async function suppressIn(unit: Unit, brandId: string, suppression: Suppression): Promise<void> {
  const { address, channel = 'email', reason, evidence = '', at, expiresAt = null } = suppression;
  const { messageId = null, addedBy = null, keepsAddress = false } = suppression;
  await unit.sql(
    `INSERT INTO suppressions AS s (brand_id, address_hash, channel, reason, evidence, created_at, expires_at, message_id, added_by, address)
     VALUES ($1, suppression_hash($2), $3, $4, $5, $6, $7, $8, $9, CASE WHEN $10 THEN lower($2) ELSE '' END)
     ON CONFLICT (brand_id, channel, address_hash) DO UPDATE
       SET reason = $4, evidence = $5, created_at = $6, expires_at = $7, message_id = $8, added_by = $9, address = EXCLUDED.address
       WHERE s.reason <> $4 OR s.expires_at IS NOT NULL`,
    [brandId, address, channel, reason, evidence.slice(0, 1000), at, expiresAt, messageId, addedBy, keepsAddress],
  );
}

/** A search shows so many people at most; whoever looks for one types another letter. */
export const SEARCH_LIMIT = 200;
/** Sorts after every character that a name can hold. */
const LAST = '\u{10ffff}';

/**
 * Who is in the directory and on its lists, and who said no. Reading asks the actor's permission; opt-outs and
 * suppressions come from people without an account, so they take the brand instead.
 */
@Injectable()
export class ContactsService {
  constructor(private readonly database: Database) {}

  /** One page of a list or of the directory; one row more than `size`, so that the caller knows whether there are more. */
  async list(
    actor: Actor,
    { listId, size, after, skip = 0, newestFirst = false }: ContactsQuery,
  ): Promise<MemberRow[]> {
    mustBeAllowed(actor, 'contacts:view');
    return this.database.inBrand(actor.brandId, (unit) =>
      unit.sql<MemberRow>(contactsPage(listId !== undefined, newestFirst), [
        listId ?? null,
        after ?? null,
        size + 1,
        skip,
      ]),
    );
  }

  /** The size of the directory; only for programs that ask for it, since it counts. */
  async count(actor: Actor): Promise<number> {
    mustBeAllowed(actor, 'contacts:view');
    const { n } = await this.database.inBrand(actor.brandId, (unit) =>
      unit.one<{ n: number }>('SELECT count(*)::int AS n FROM contacts'),
    );
    return n;
  }

  /** People whose e-mail, first name or last name begins with `text`, by name; at most `SEARCH_LIMIT` and one more. */
  async search(actor: Actor, text: string, listId?: string): Promise<MemberRow[]> {
    mustBeAllowed(actor, 'contacts:view');
    const prefix = text.trim().toLowerCase();
    return this.database.inBrand(actor.brandId, (unit) =>
      unit.sql<MemberRow>(contactSearch(listId !== undefined), [
        listId ?? null,
        prefix,
        prefix + LAST,
        SEARCH_LIMIT + 1,
      ]),
    );
  }

  /** @throws {NotFound} also for a contact of another brand, and for one that is not on the list that is named */
  mustFind(actor: Actor, id: string, listId?: string): Promise<MemberRow> {
    return this.database.inBrand(actor.brandId, (unit) => this.mustFindIn(unit, actor, id, listId));
  }

  /** As `mustFind`, in a unit that is open. */
  async mustFindIn(unit: Unit, actor: Actor, id: string, listId?: string): Promise<MemberRow> {
    mustBeAllowed(actor, 'contacts:view');
    const [text, values] =
      listId === undefined
        ? [`SELECT ${CONTACT} FROM contacts c WHERE c.id = $1`, [id]]
        : [
            `SELECT ${MEMBER} FROM contact_list_members m JOIN contacts c ON c.brand_id = m.brand_id AND c.id = m.contact_id
             WHERE m.contact_id = $1 AND m.list_id = $2`,
            [id, listId],
          ];
    return unit.one<MemberRow>(text, values, 'There is no such contact.');
  }

  /** The lists that a contact is on. */
  async memberships(actor: Actor, id: string): Promise<Membership[]> {
    mustBeAllowed(actor, 'contacts:view');
    return this.database.inBrand(actor.brandId, (unit) =>
      unit.sql<Membership>(
        `SELECT m.list_id AS "listId", l.name AS "listName", m.embedded, m.opted_out_at AS "optedOutAt",
                m.opted_out_by AS "optedOutBy", m.added_at AS "addedAt"
         FROM contact_list_members m JOIN contact_lists l ON l.brand_id = m.brand_id AND l.id = m.list_id
         WHERE m.contact_id = $1 ORDER BY l.id DESC`,
        [id],
      ),
    );
  }

  /**
   * Notes that somebody said no to a list or to the brand; the first date and source stay.
   * @returns whether that is on record now: somebody who was taken off the list has nothing to leave
   */
  optOut(brandId: string, wish: OptOut): Promise<boolean> {
    return this.database.inBrand(brandId, (unit) => this.optOutIn(unit, wish));
  }

  /** As `optOut`, in a unit that is open. */
  async optOutIn(unit: Unit, wish: OptOut): Promise<boolean> {
    const { contactId, listId, level, by, at, actorId } = wish;
    const touched =
      level === 'brand'
        ? await unit.run(
            `UPDATE contacts SET opted_out_by = CASE WHEN opted_out_at IS NULL THEN $2 ELSE opted_out_by END,
                 opted_out_at = coalesce(opted_out_at, $3) WHERE id = $1`,
            [contactId, by, at],
          )
        : await unit.run(
            `UPDATE contact_list_members SET opted_out_by = CASE WHEN opted_out_at IS NULL THEN $3 ELSE opted_out_by END,
                 opted_out_at = coalesce(opted_out_at, $4) WHERE contact_id = $1 AND list_id = $2`,
            [contactId, listId, by, at],
          );
    if (actorId !== undefined) {
      await unit.run(
        `UPDATE opt_outs o SET actor_id = $4 FROM contacts c WHERE c.id = $1 AND o.list_id = coalesce($2::bigint, 0)
             AND o.person_hash = person_hash(c.email, c.ext_ref, c.phone) AND o.at = $3 AND o.actor_id IS NULL`,
        [contactId, level === 'brand' ? null : listId, at, actorId],
      );
    }
    return touched > 0;
  }

  /** Takes a no back, of the same level only. @returns whether there is such a contact, or membership */
  optBackIn(brandId: string, wish: Pick<OptOut, 'contactId' | 'listId' | 'level'>): Promise<boolean> {
    return this.database.inBrand(brandId, (unit) => this.optBackInIn(unit, wish));
  }

  /** As `optBackIn`, in a unit that is open. */
  async optBackInIn(unit: Unit, wish: Pick<OptOut, 'contactId' | 'listId' | 'level'>): Promise<boolean> {
    const { contactId, listId, level } = wish;
    await unit.run(
      `DELETE FROM opt_outs o USING contacts c WHERE c.id = $1 AND o.list_id = coalesce($2::bigint, 0)
           AND o.person_hash = person_hash(c.email, c.ext_ref, c.phone)`,
      [contactId, level === 'brand' ? null : listId],
    );
    const touched =
      level === 'brand'
        ? await unit.run('UPDATE contacts SET opted_out_at = NULL, opted_out_by = NULL WHERE id = $1', [contactId])
        : await unit.run(
            'UPDATE contact_list_members SET opted_out_at = NULL, opted_out_by = NULL WHERE contact_id = $1 AND list_id = $2',
            [contactId, listId],
          );
    return touched > 0;
  }

  /** Who this is and what they said no to; undefined where the contact was deleted. */
  statusOf(brandId: string, contactId: string, listId: string | null): Promise<OptOutStatus | undefined> {
    return this.database.inBrand(brandId, (unit) => this.statusOfIn(unit, contactId, listId));
  }

  /** As `statusOf`, in a unit that is open. */
  async statusOfIn(unit: Unit, contactId: string, listId: string | null): Promise<OptOutStatus | undefined> {
    const [row] = await unit.sql<OptOutStatus>(
      `SELECT c.email, trim(c.first_name || ' ' || c.last_name) AS name, c.opted_out_at AS "brandOptedOutAt",
                c.opted_out_by AS "brandOptedOutBy", m.opted_out_at AS "listOptedOutAt", m.opted_out_by AS "listOptedOutBy"
         FROM contacts c
         LEFT JOIN contact_list_members m ON m.brand_id = c.brand_id AND m.contact_id = c.id AND m.list_id = $2
         WHERE c.id = $1`,
      [contactId, listId],
    );
    return row;
  }

  /** Decides that nothing goes to an address any more; matched by its hash, so that erasing a person keeps this. */
  async suppress(brandId: string, suppression: Suppression): Promise<void> {
    await this.database.inBrand(brandId, (unit) => suppressIn(unit, brandId, suppression));
  }

  /** Why nothing goes to this address at `now`, if so. */
  async suppressionOf(brandId: string, address: string, now: Date): Promise<string | undefined> {
    const [row] = await this.database.inBrand(brandId, (unit) =>
      unit.sql<{ reason: string }>(
        `SELECT reason FROM suppressions WHERE channel = 'email' AND address_hash = suppression_hash($1)
           AND (expires_at IS NULL OR expires_at > $2)`,
        [address, now],
      ),
    );
    return row?.reason;
  }

  /** Those of these addresses to which nothing goes at `now`. */
  async suppressedAmong(brandId: string, addresses: string[], now: Date): Promise<Set<string>> {
    const rows = await this.database.inBrand(brandId, (unit) =>
      unit.sql<{ address: string }>(
        `SELECT a.address FROM unnest($1::text[]) AS a (address)
         JOIN suppressions s ON s.channel = 'email' AND s.address_hash = suppression_hash(a.address)
           AND (s.expires_at IS NULL OR s.expires_at > $2) WHERE a.address <> ''`,
        [addresses, now],
      ),
    );
    return new Set(rows.map(({ address }) => address));
  }
}
