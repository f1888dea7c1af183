import { Injectable } from '@nestjs/common';
import type { Actor } from '../../platform/auth/actor.js';
import { Database } from '../../platform/db/database.js';
import { Ids } from '../../platform/ids.js';
import { ContactListsService, type ListRow } from './contact_lists.service.js';
import { ContactsService, type MemberRow } from '../contacts.service.js';
import { embeddedTitle, TITLES } from '../imports/column_mapping.js';
import { csvLine } from '../../platform/csv_cells.js';

const PAGE = 5000;

/** A list as CSV, in flat memory at any size. The same file imports again: people by their ContactID, nothing lost. */
@Injectable()
export class ListExport {
  constructor(
    private readonly database: Database,
    private readonly contacts: ContactsService,
    private readonly lists: ContactListsService,
    private readonly ids: Ids,
  ) {}

  async *lines(actor: Actor, list: ListRow): AsyncGenerator<string> {
    await this.lists.recordExport(actor, list);
    const [ofContact, ofList] = [await this.names(actor, list.id, 'c'), await this.names(actor, list.id, 'm')];
    const titles = [
      ...ofContact.map((name) => embeddedTitle(name, false)),
      ...ofList.map((name) => embeddedTitle(name, true)),
    ];
    yield csvLine([...Object.values(TITLES), ...titles]);
    let after: string | undefined;
    for (;;) {
      const rows = await this.contacts.list(actor, { listId: list.id, size: PAGE, after });
      const page = rows.slice(0, PAGE);
      yield page.map((row) => csvLine(this.cells(row, ofContact, ofList))).join('');
      after = page.at(-1)?.id;
      if (rows.length <= PAGE) {
        return;
      }
    }
  }

  private cells(row: MemberRow, ofContact: string[], ofList: string[]): string[] {
    const { firstName, lastName, email, phone, extRef, language, timeZone } = row;
    return [
      this.ids.show('CID', row.id),
      firstName,
      lastName,
      email,
      phone,
      extRef,
      language,
      timeZone,
      row.optedOutAt === null ? 'false' : 'true',
      (row.listOptedOutAt ?? null) === null ? 'false' : 'true',
      ...ofContact.map((name) => row.embedded[name] ?? ''),
      ...ofList.map((name) => row.listEmbedded?.[name] ?? ''),
    ];
  }

  /** Every name of embedded data that somebody on the list has. */
  private async names(actor: Actor, listId: string, of: 'c' | 'm'): Promise<string[]> {
    const rows = await this.database.inBrand(actor.brandId, (unit) =>
      unit.sql<{ name: string }>(
        `SELECT DISTINCT name FROM contact_list_members m JOIN contacts c ON c.brand_id = m.brand_id AND c.id = m.contact_id
         CROSS JOIN LATERAL jsonb_object_keys(${of}.embedded) AS name WHERE m.list_id = $1 ORDER BY name`,
        [listId],
      ),
    );
    return rows.map(({ name }) => name);
  }
}
