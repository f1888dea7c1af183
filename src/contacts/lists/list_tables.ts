import { Injectable } from '@nestjs/common';
import type { Actor } from '../../platform/auth/actor.js';
import { ContactListsService, type ListRow } from './contact_lists.service.js';
import { ContactWords } from '../contact_words.js';
import type { TableQuery } from '../contacts.forms.js';
import { ContactsService } from '../contacts.service.js';
import { ContactImportsService } from '../imports/contact_imports.service.js';
import { ListPages, PAGE } from './list_pages.js';

/** Fetches what the tables of lists and of one list's people show. */
@Injectable()
export class ListTables {
  constructor(
    readonly words: ContactWords,
    readonly pages: ListPages,
    private readonly lists: ContactListsService,
    private readonly contacts: ContactsService,
    private readonly imports: ContactImportsService,
  ) {}

  async index(actor: Actor, { search, after }: TableQuery): Promise<object> {
    const position = after === undefined ? undefined : this.words.listId(after);
    const rows = await this.lists.list(actor, { size: PAGE, after: position, search });
    return this.pages.index(actor, rows, { search, after });
  }

  async show(actor: Actor, list: ListRow, wish: TableQuery): Promise<object> {
    const after = wish.after === undefined ? undefined : this.words.contactId(wish.after);
    const rows =
      wish.search === ''
        ? await this.contacts.list(actor, { listId: list.id, size: PAGE, after, newestFirst: true })
        : await this.contacts.search(actor, wish.search, list.id);
    const imports = after === undefined ? await this.imports.ofList(actor, list.id) : [];
    const addresses = rows.map(({ email }) => email);
    const suppressed = await this.contacts.suppressedAmong(actor.brandId, addresses, this.words.now());
    return this.pages.show(actor, list, { rows, suppressed, imports, wish });
  }
}
