import { Injectable } from '@nestjs/common';
import { Database, type Unit } from '../platform/db/database.js';
import type { OptOutSource } from './contact.entity.js';
import { ContactsService } from './contacts.service.js';

/** By what a mail's recipient is known: a contact, which may be gone, and the address, or the hash that was left of it. */
export interface Known {
  contactId: string | null;
  address: string;
  hash: Buffer | null;
}

/** What an address said no to. */
export interface AddressStatus {
  brandOptedOutAt: Date | null;
  brandOptedOutBy: OptOutSource | null;
  listOptedOutAt: Date | null;
  listOptedOutBy: OptOutSource | null;
}

export interface AddressWish extends Known {
  /** Null: of the brand. */
  listId: string | null;
  by: OptOutSource;
  at: Date;
  /** The mail that it was said by. */
  messageId?: string | null;
}

const HASH = `coalesce(person_hash($1, '', ''), $2::bytea)`;

/**
 * Opt-outs by the hash of an address: they hold without a contact, and hold whoever comes back with that address, in any
 * letter case. What contacts and members say of themselves is kept here by triggers.
 */
@Injectable()
export class WishesService {
  constructor(
    private readonly database: Database,
    private readonly contacts: ContactsService,
  ) {}

  /** What the contact said no to, else what was said by the address. */
  statusOf(brandId: string, known: Known, listId: string | null): Promise<AddressStatus> {
    return this.database.inBrand(brandId, (unit) => this.statusOfIn(unit, known, listId));
  }

  /** As `statusOf`, in a unit that is open. */
  async statusOfIn(unit: Unit, { contactId, address, hash }: Known, listId: string | null): Promise<AddressStatus> {
    const own = contactId === null ? undefined : await this.contacts.statusOfIn(unit, contactId, listId);
    const kept = await unit.one<AddressStatus>(
      `SELECT b.at AS "brandOptedOutAt", b.source AS "brandOptedOutBy", l.at AS "listOptedOutAt", l.source AS "listOptedOutBy"
         FROM (SELECT ${HASH} AS hash) known
         LEFT JOIN opt_outs b ON b.list_id = 0 AND b.person_hash = known.hash
         LEFT JOIN opt_outs l ON l.list_id = $3 AND l.person_hash = known.hash`,
      [address, hash, listId],
    );
    return {
      brandOptedOutAt: own?.brandOptedOutAt ?? kept.brandOptedOutAt,
      brandOptedOutBy: own?.brandOptedOutBy ?? kept.brandOptedOutBy,
      listOptedOutAt: own?.listOptedOutAt ?? kept.listOptedOutAt,
      listOptedOutBy: own?.listOptedOutBy ?? kept.listOptedOutBy,
    };
  }

  /** Notes a wish; the first date and source stay. Contacts that came with the same address are out with it. */
  async keep(
    unit: Unit,
    brandId: string,
    { contactId, address, hash, listId, by, at, messageId }: AddressWish,
  ): Promise<void> {
    if (contactId !== null) {
      await this.contacts.optOutIn(unit, { contactId, listId, level: levelOf(listId), by, at });
    }
    await unit.run(
      `INSERT INTO opt_outs AS o (brand_id, list_id, person_hash, source, at, message_id)
         SELECT $3, coalesce($4::bigint, 0), ${HASH}, $5, $6, $7 WHERE ${HASH} IS NOT NULL
         ON CONFLICT (brand_id, list_id, person_hash) DO UPDATE SET message_id = EXCLUDED.message_id
           WHERE o.at = EXCLUDED.at AND o.message_id IS NULL`,
      [address, hash, brandId, listId, by, at, messageId ?? null],
    );
    if (address === '' && hash !== null && listId === null) {
      // Nothing but the hash is left of the address, and no index leads from it to contacts.
      await unit.run(
        `UPDATE contacts SET opted_out_at = $2, opted_out_by = $3
           WHERE opted_out_at IS NULL AND person_hash(email, ext_ref, phone) = $1`,
        [hash, at, by],
      );
    }
  }

  /** The person wants mails again: also what followed from their complaint goes. */
  async takeBack(unit: Unit, { contactId, address, hash }: Known, listId: string | null): Promise<void> {
    if (contactId !== null) {
      await this.contacts.optBackInIn(unit, { contactId, listId, level: levelOf(listId) });
    }
    await unit.run(`DELETE FROM opt_outs WHERE list_id = coalesce($3::bigint, 0) AND person_hash = ${HASH}`, [
      address,
      hash,
      listId,
    ]);
    if (listId === null) {
      await unit.run(
        `DELETE FROM suppressions WHERE channel = 'email' AND reason = 'complaint' AND address_hash = ${HASH}`,
        [address, hash],
      );
    }
  }
}

function levelOf(listId: string | null): 'list' | 'brand' {
  return listId === null ? 'brand' : 'list';
}
