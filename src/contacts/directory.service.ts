import { Injectable } from '@nestjs/common';
import { UniqueConstraintViolationException } from '@mikro-orm/postgresql';
import { mustBeAllowed } from '../brands/access.js';
import { AuditService } from '../brands/audit.service.js';
import { BrandsService } from '../brands/brands.service.js';
import type { Actor } from '../platform/auth/actor.js';
import { Clock } from '../platform/clock.js';
import { Database, type Unit } from '../platform/db/database.js';
import { Invalid, NotFound } from '../platform/errors.js';
import { Contact, type ContactFields, isDecidedHere, type OptOutSource } from './contact.entity.js';
import { type GivenContact, readContact } from './contact_fields.js';
import { ContactsService, type MemberRow } from './contacts.service.js';
import { ADD_MEMBER, DELETE_CONTACT, PUT_CONTACT, REMOVE_MEMBER } from './contacts.sql.js';
import { type Country, countryOf } from './phone_number.js';

/** What became of adding somebody. */
export interface Addition {
  id: string;
  /** Not known in the directory before. */
  isNew: boolean;
  /** Not on the list before. */
  isAdded: boolean;
}

/** Changes of the brand's directory by people who may edit it. */
@Injectable()
export class DirectoryService {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly audit: AuditService,
    private readonly brands: BrandsService,
    private readonly contacts: ContactsService,
  ) {}

  /**
   * Adds a person to the directory and, where one is named, to a list. Somebody with the same e-mail (or, without one,
   * the same reference) is completed instead of made twice.
   */
  add(actor: Actor, given: GivenContact, listId?: string): Promise<Addition> {
    return this.database.inBrand(actor.brandId, (unit) => this.addIn(unit, actor, given, listId));
  }

  /** As `add`, in a unit that is open. */
  async addIn(unit: Unit, actor: Actor, given: GivenContact, listId?: string): Promise<Addition> {
    mustBeAllowed(actor, 'directory:edit');
    const { fields, embedded } = readContact(given, await this.countryOf(unit, actor.brandId));
    if (!Object.assign(new Contact(), fields).isRecognisable) {
      throw unrecognisable();
    }
    const { id, isNew } = await this.put(unit, actor.brandId, fields, embedded);
    return { id, isNew, isAdded: listId !== undefined && (await this.addMember(unit, actor.brandId, listId, id)) };
  }

  /** Changes what is given and leaves the rest. @throws {Invalid} when another contact has that address already */
  update(actor: Actor, id: string, given: GivenContact): Promise<void> {
    return this.database.inBrand(actor.brandId, (unit) => this.updateIn(unit, actor, id, given));
  }

  /** As `update`, in a unit that is open. */
  async updateIn(unit: Unit, actor: Actor, id: string, given: GivenContact): Promise<void> {
    mustBeAllowed(actor, 'directory:edit');
    const { fields, embedded } = readContact(given, await this.countryOf(unit, actor.brandId));
    try {
      const { em } = unit;
      const contact = await em.findOne(Contact, { id });
      if (contact === null) {
        throw new NotFound('There is no such contact.');
      }
      contact.change(fields, embedded, this.clock.now());
      if (!contact.isRecognisable) {
        throw unrecognisable();
      }
      await em.flush();
    } catch (error) {
      throw error instanceof UniqueConstraintViolationException ? taken(fields) : error;
    }
  }

  /** Deletes a person from the directory and every list. What was sent and answered stays, without the name. */
  async remove(actor: Actor, id: string): Promise<void> {
    mustBeAllowed(actor, 'directory:edit');
    await this.database.inBrand(actor.brandId, async (unit) => {
      await this.contacts.mustFindIn(unit, actor, id);
      await this.audit.record(unit, actor, 'contact.delete', `contact ${id}`);
      await unit.sql(DELETE_CONTACT, [id]);
      await unit.sql('DELETE FROM contacts WHERE id = $1', [id]);
    });
  }

  /** Takes a person off a list; the person stays in the directory. */
  async removeFromList(actor: Actor, id: string, listId: string): Promise<void> {
    mustBeAllowed(actor, 'directory:edit');
    await this.database.inBrand(actor.brandId, (unit) =>
      unit.one(REMOVE_MEMBER, [listId, id, this.clock.now()], 'This contact is not on the list.'),
    );
  }

  /** Sets the values that a contact has on one list only; null takes one away. */
  async changeOnList(actor: Actor, id: string, listId: string, given: Record<string, unknown>): Promise<void> {
    mustBeAllowed(actor, 'directory:edit');
    const { embedded } = readContact({ embedded: given });
    const kept = Object.entries(embedded).filter(([, value]) => value !== null);
    const gone = Object.keys(embedded).filter((name) => embedded[name] === null);
    await this.database.inBrand(actor.brandId, (unit) =>
      unit.one(
        `UPDATE contact_list_members SET embedded = (embedded || $3) - $4::text[]
         WHERE list_id = $1 AND contact_id = $2 RETURNING contact_id`,
        [listId, id, Object.fromEntries(kept), gone],
        'This contact is not on the list.',
      ),
    );
  }

  /**
   * Records what somebody here decided in a contact's name, or takes an opt-out back. What the person said, and what holds
   * for the brand, only who manages the directory takes back.
   */
  decideOptOut(actor: Actor, id: string, listId: string | null, isOut: boolean): Promise<void> {
    return this.database.inBrand(actor.brandId, (unit) => this.decideOptOutIn(unit, actor, id, listId, isOut));
  }

  /** As `decideOptOut`, in a unit that is open. */
  async decideOptOutIn(unit: Unit, actor: Actor, id: string, listId: string | null, isOut: boolean): Promise<void> {
    mustBeAllowed(actor, 'directory:edit');
    const { userId: actorId } = actor;
    const wish = { contactId: id, listId, level: listId === null ? 'brand' : 'list' } as const;
    const whom = listId === null ? `contact ${id}` : `contact ${id} on list ${listId}`;
    const before = await this.contacts.mustFindIn(unit, actor, id, listId ?? undefined);
    const { since, source } = decisionOf(before, listId);
    if (isOut) {
      const by = actor.via === 'token' ? 'api' : 'administrator';
      await this.contacts.optOutIn(unit, { ...wish, by, at: this.clock.now(), actorId });
      await this.audit.record(unit, actor, 'contact.opt-out', whom);
    } else if (since !== null) {
      if (listId === null || !isDecidedHere(source)) {
        mustBeAllowed(actor, 'directory:manage');
      }
      await this.contacts.optBackInIn(unit, wish);
      await this.audit.record(unit, actor, 'contact.opt-in', whom, { before: { source: source ?? '', since } });
    }
  }

  /** The country in which the brand's phone numbers are read where they name none. */
  async countryOf(unit: Unit, brandId: string): Promise<Country> {
    const { timeZone } = await this.brands.ofIn(unit, brandId);
    return countryOf(timeZone) ?? 'US';
  }

  private async put(
    unit: Unit,
    brandId: string,
    fields: Partial<ContactFields>,
    embedded: Record<string, string | null>,
  ): Promise<{ id: string; isNew: boolean }> {
    const { firstName, lastName, email, phone, extRef, language, timeZone } = fields;
    const known = Object.fromEntries(Object.entries(embedded).filter(([, value]) => value !== null));
    const texts = [firstName, lastName, email, phone, extRef, language, timeZone].map((text) => text ?? '');
    return unit.one(PUT_CONTACT, [brandId, ...texts, known, this.clock.now()]);
  }

  private async addMember(unit: Unit, brandId: string, listId: string, id: string): Promise<boolean> {
    const values = [brandId, listId, id, this.clock.now()];
    await unit.one(
      'SELECT id FROM contact_lists WHERE id = $1 FOR NO KEY UPDATE',
      [listId],
      'There is no such contact list.',
    );
    const { added } = await unit.one<{ added: number }>(ADD_MEMBER, values);
    return added > 0;
  }
}

/** Since when they get nothing, of this list or of the brand, and by whom. */
function decisionOf(
  { optedOutAt, optedOutBy, listOptedOutAt, listOptedOutBy }: MemberRow,
  listId: string | null,
): { since: Date | null | undefined; source: OptOutSource | null } {
  return listId === null
    ? { since: optedOutAt, source: optedOutBy }
    : { since: listOptedOutAt, source: listOptedOutBy ?? null };
}

function unrecognisable(): Invalid {
  const message = 'A contact needs an e-mail address, a phone number or an external reference.';
  return new Invalid(message, { email: message });
}

function taken({ email }: Partial<ContactFields>): Invalid {
  const [field, words] = email ? ['email', 'e-mail address'] : ['extRef', 'external reference'];
  const message = `Another contact of the directory has this ${words} already.`;
  return new Invalid(message, { [field]: message });
}
