import { Injectable } from '@nestjs/common';
import type { Actor } from '../platform/auth/actor.js';
import { Database, type Unit } from '../platform/db/database.js';
import { isDecidedHere, type OptOutSource } from './contact.entity.js';
import type { GivenContact } from './contact_fields.js';
import type { PutContact } from './contacts.forms.js';
import { ContactsService, type MemberRow } from './contacts.service.js';
import { DirectoryService } from './directory.service.js';

/** A contact that was written, and what of the call was not done. */
export interface Written {
  id: string;
  notice: string | undefined;
}

/** What programs send for one contact: fields, embedded data and opt-outs in one body, all or nothing. */
@Injectable()
export class ContactWrites {
  constructor(
    private readonly database: Database,
    private readonly directory: DirectoryService,
    private readonly contacts: ContactsService,
  ) {}

  async create(actor: Actor, body: PutContact, listId?: string): Promise<Written> {
    return this.database.inBrand(actor.brandId, async (unit) => {
      const { id } = await this.directory.addIn(unit, actor, given(body), listId);
      return { id, notice: await this.decide(unit, actor, id, body, listId) };
    });
  }

  /** @throws {NotFound} for a contact that is not on the list that is named */
  async update(actor: Actor, id: string, body: PutContact, listId?: string): Promise<Written> {
    return this.database.inBrand(actor.brandId, async (unit) => {
      await this.contacts.mustFindIn(unit, actor, id, listId);
      await this.directory.updateIn(unit, actor, id, given(body));
      return { id, notice: await this.decide(unit, actor, id, body, listId) };
    });
  }

  /** Takes somebody off a list; where none is named, out of the directory. */
  async remove(actor: Actor, id: string, listId?: string): Promise<void> {
    await (listId === undefined ? this.directory.remove(actor, id) : this.directory.removeFromList(actor, id, listId));
  }

  /** @returns what was left as it is: nobody's own wish is undone by a program */
  private async decide(
    unit: Unit,
    actor: Actor,
    id: string,
    body: PutContact,
    listId?: string,
  ): Promise<string | undefined> {
    const before = await this.contacts.mustFindIn(unit, actor, id, listId);
    const notices: string[] = [];
    for (const { name, isOut, at, by, of } of decisionsIn(body, before, listId)) {
      if (isOut === false && at !== null && !isDecidedHere(by)) {
        notices.push(ownWish(name, at));
      } else if (typeof isOut === 'boolean' && isOut !== (at !== null)) {
        await this.directory.decideOptOutIn(unit, actor, id, of, isOut);
      }
    }
    return notices.length === 0 ? undefined : notices.join(' ');
  }
}

/** What a call says of a contact's opt-outs, beside what is so. */
interface Decision {
  name: 'unsubscribed' | 'mailingListUnsubscribed';
  isOut: boolean | null | undefined;
  at: Date | null;
  by: OptOutSource | null;
  /** The list; null for the brand. */
  of: string | null;
}

function decisionsIn(body: PutContact, before: MemberRow, listId: string | undefined): Decision[] {
  const { optedOutAt, optedOutBy, listOptedOutAt = null, listOptedOutBy = null } = before;
  const isOut = body.mailingListUnsubscribed;
  return [
    { name: 'unsubscribed', isOut: body.unsubscribed, at: optedOutAt, by: optedOutBy, of: null },
    ...(listId === undefined
      ? []
      : [{ name: 'mailingListUnsubscribed', isOut, at: listOptedOutAt, by: listOptedOutBy, of: listId } as const]),
  ];
}

function ownWish(name: string, at: Date): string {
  return `${name} stays true: this person opted out themselves on ${at.toISOString().slice(0, 10)}, and only they take that back, by the opt-out link of a mail; somebody who manages the directory can, on the contact's page, when asked to.`;
}

function given(body: PutContact): GivenContact {
  const { firstName, lastName, email, phone, language, embeddedData } = body;
  const extRef = body.extRef ?? body.externalDataReference ?? body.externalDataRef ?? body.externalReference;
  return { firstName, lastName, email, phone, extRef, language, embedded: embeddedData };
}
