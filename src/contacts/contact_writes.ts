import { Injectable } from '@nestjs/common';
import type { Actor } from '../platform/auth/actor.js';
import { Database } from '../platform/db/database.js';
import type { GivenContact } from './contact_fields.js';
import type { PutContact } from './contacts.forms.js';
import { ContactsService } from './contacts.service.js';
import { DirectoryService } from './directory.service.js';

/** What programs send for one contact: fields, embedded data and opt-outs in one body, all or nothing. */
@Injectable()
export class ContactWrites {
  constructor(
    private readonly database: Database,
    private readonly directory: DirectoryService,
    private readonly contacts: ContactsService,
  ) {}

  /** @returns the contact's number */
  async create(actor: Actor, body: PutContact, listId?: string): Promise<string> {
    return this.database.inBrand(actor.brandId, async () => {
      const { id } = await this.directory.add(actor, given(body), listId);
      await this.decide(actor, id, body, listId);
      return id;
    });
  }

  /** @throws {NotFound} for a contact that is not on the list that is named */
  async update(actor: Actor, id: string, body: PutContact, listId?: string): Promise<void> {
    await this.database.inBrand(actor.brandId, async () => {
      await this.contacts.mustFind(actor, id, listId);
      await this.directory.update(actor, id, given(body));
      await this.decide(actor, id, body, listId);
    });
  }

  /** Takes somebody off a list; where none is named, out of the directory. */
  async remove(actor: Actor, id: string, listId?: string): Promise<void> {
    await (listId === undefined ? this.directory.remove(actor, id) : this.directory.removeFromList(actor, id, listId));
  }

  private async decide(actor: Actor, id: string, body: PutContact, listId?: string): Promise<void> {
    const { unsubscribed, mailingListUnsubscribed } = body;
    const before = await this.contacts.mustFind(actor, id, listId);
    if (typeof unsubscribed === 'boolean' && unsubscribed !== (before.optedOutAt !== null)) {
      await this.directory.decideOptOut(actor, id, null, unsubscribed);
    }
    const isOffList = (before.listOptedOutAt ?? null) !== null;
    if (listId !== undefined && typeof mailingListUnsubscribed === 'boolean' && mailingListUnsubscribed !== isOffList) {
      await this.directory.decideOptOut(actor, id, listId, mailingListUnsubscribed);
    }
  }
}

function given(body: PutContact): GivenContact {
  const { firstName, lastName, email, phone, language, embeddedData } = body;
  const extRef = body.extRef ?? body.externalDataReference ?? body.externalDataRef ?? body.externalReference;
  return { firstName, lastName, email, phone, extRef, language, embedded: embeddedData };
}
