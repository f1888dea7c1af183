import { NotFound } from '../platform/errors.js';
import type { Ids } from '../platform/ids.js';
import type { Actor } from '../platform/auth/actor.js';
import type { ContactList } from './lists/contact_list.entity.js';
import type { ListRow } from './lists/contact_lists.service.js';
import type { MemberRow, Membership } from './contacts.service.js';

/** How contacts and lists look to clients of the v3 API: their field names, ids and number formats. */

/** @throws {NotFound} where the id names another brand's directory, or none */
export function mustBeOwnDirectory(ids: Ids, actor: Actor, directoryId: string): void {
  if (ids.tryRead('POOL', directoryId) !== actor.brandId) {
    throw new NotFound('There is no such directory.');
  }
}

/** Clients name a contact by its id or, on a list, by its lookup id. */
export function readContactId(ids: Ids, shown: string): string {
  return ids.tryRead('MLRP', shown) ?? ids.read('CID', shown);
}

/** Clients of the older API call the same lists ML_. */
export function readListId(ids: Ids, shown: string): string {
  return ids.tryRead('ML', shown) ?? ids.read('CG', shown);
}

export function directoryAnswer(ids: Ids, brand: { id: string; name: string }, contactCount?: number): object {
  return {
    directoryId: ids.show('POOL', brand.id),
    name: brand.name,
    ...(contactCount === undefined ? {} : { contactCount }),
    isDefault: true,
    deduplicationCriteria: {
      email: true,
      firstName: false,
      lastName: false,
      externalDataReference: false,
      phone: false,
    },
  };
}

/** Dates of lists are epoch milliseconds in text, those of contacts are numbers: clients parse them so. */
export function listAnswer(ids: Ids, list: ContactList | ListRow): object {
  return {
    mailingListId: ids.show('CG', list.id),
    name: list.name,
    ownerId: ids.show('UR', list.ownerId),
    lastModifiedDate: String(list.modifiedAt.getTime()),
    creationDate: String(list.createdAt.getTime()),
    contactCount: list.contactCount,
  };
}

/** A contact as lists of contacts show it; on a list with what holds there only. */
export function contactAnswer(ids: Ids, contact: MemberRow): object {
  const { id, listEmbedded } = contact;
  const ofList = {
    mailingListUnsubscribed: contact.listOptedOutAt !== null,
    contactLookupId: ids.show('MLRP', id),
  };
  return {
    contactId: ids.show('CID', id),
    firstName: orNull(contact.firstName),
    lastName: orNull(contact.lastName),
    email: orNull(contact.email),
    phone: orNull(contact.phone),
    extRef: orNull(contact.extRef),
    language: orNull(contact.language),
    unsubscribed: contact.optedOutAt !== null,
    ...(listEmbedded === undefined ? {} : ofList),
    embeddedData: { ...contact.embedded, ...listEmbedded },
  };
}

/** A single contact: also its dates and the lists that hold it. */
export function wholeContactAnswer(ids: Ids, contact: MemberRow, memberships: Membership[]): object {
  return {
    ...contactAnswer(ids, contact),
    creationDate: contact.createdAt.getTime(),
    lastModified: contact.modifiedAt.getTime(),
    directoryUnsubscribeDate: contact.optedOutAt?.getTime() ?? null,
    mailingListMembership: Object.fromEntries(
      memberships.map(({ listId, listName, optedOutAt }) => [
        ids.show('CG', listId),
        {
          contactLookupId: ids.show('MLRP', contact.id),
          name: listName,
          unsubscribed: optedOutAt !== null,
          unsubscribeDate: optedOutAt?.getTime() ?? null,
        },
      ]),
    ),
  };
}

/** A list as the older API shows it. */
export function oldListAnswer(ids: Ids, list: ListRow): object {
  return {
    id: ids.show('ML', list.id),
    libraryId: ids.show('UR', list.ownerId),
    name: list.name,
    // Scripts in R lose columns that hold nothing in every row.
    category: 'Unassigned',
    folder: '/Uncategorized',
  };
}

/** A member of a list as the older API shows it. */
export function oldContactAnswer(ids: Ids, contact: MemberRow): object {
  return {
    id: ids.show('MLRP', contact.id),
    firstName: orNull(contact.firstName),
    lastName: orNull(contact.lastName),
    email: orNull(contact.email),
    externalDataReference: orNull(contact.extRef),
    embeddedData: { ...contact.embedded, ...contact.listEmbedded },
    language: orNull(contact.language),
    unsubscribed: contact.optedOutAt !== null || (contact.listOptedOutAt ?? null) !== null,
    responseHistory: [],
    emailHistory: [],
  };
}

function orNull(text: string): string | null {
  return text === '' ? null : text;
}
