import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ContactList } from '../../src/contacts/lists/contact_list.entity.js';
import { ContactListsService } from '../../src/contacts/lists/contact_lists.service.js';
import { ContactsService } from '../../src/contacts/contacts.service.js';
import type { GivenContact } from '../../src/contacts/contact_fields.js';
import { DirectoryService } from '../../src/contacts/directory.service.js';
import type { ContactImport } from '../../src/contacts/imports/contact_import.entity.js';
import { ContactImportsService } from '../../src/contacts/imports/contact_imports.service.js';
import { ImportFiles } from '../../src/contacts/imports/import_files.js';
import type { Person, World } from '../world.js';

export async function aList(world: World, { actor }: Person, name = 'Customers'): Promise<ContactList> {
  return world.app.get(ContactListsService).create(actor, name);
}

/** A contact, on a list where one is named. @returns its number */
export async function aContact(
  world: World,
  { actor }: Person,
  given: GivenContact = {},
  listId?: string,
): Promise<string> {
  const grace = {
    firstName: 'Grace',
    lastName: 'Hopper',
    email: `grace.${randomBytes(4).toString('hex')}@navy.example`,
  };
  return (await world.app.get(DirectoryService).add(actor, { ...grace, ...given }, listId)).id;
}

/** A file that was uploaded and waits for its mapping. */
export async function anUpload(
  world: World,
  { actor }: Person,
  listId: string,
  content: string | Buffer,
): Promise<ContactImport> {
  const { folder } = world.app.get(ImportFiles);
  await mkdir(folder, { recursive: true });
  const path = join(folder, randomBytes(8).toString('hex'));
  await writeFile(path, content);
  const bytes = Buffer.byteLength(content);
  return world.app.get(ContactImportsService).receive(actor, listId, { name: 'people.csv', path, bytes });
}

/** An import from the first look to its report, as proposed. */
export async function anImport(
  world: World,
  person: Person,
  listId: string,
  content: string | Buffer,
): Promise<ContactImport> {
  const imports = world.app.get(ContactImportsService);
  const { id } = await anUpload(world, person, listId, content);
  await imports.start(person.actor, id);
  await world.jobs.settled();
  return imports.mustFind(person.actor, id);
}

/** Who is on a list, in the order of entry, in the fields that are named. */
export async function peopleOn(world: World, { actor }: Person, listId: string): Promise<Record<string, unknown>[]> {
  const rows = await world.app.get(ContactsService).list(actor, { listId, size: 10_000 });
  return rows.map(({ firstName, lastName, email, phone, extRef, embedded }) => ({
    firstName,
    lastName,
    email,
    phone,
    extRef,
    embedded,
  }));
}
