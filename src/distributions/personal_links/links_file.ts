import { Injectable } from '@nestjs/common';
import { LinksService } from '../../links/links.service.js';
import type { Actor } from '../../platform/auth/actor.js';
import { Clock } from '../../platform/clock.js';
import { csvLine } from '../../platform/csv_cells.js';
import { Database } from '../../platform/db/database.js';
import { Ids } from '../../platform/ids.js';
import { Distribution } from '../distribution.entity.js';
import { embeddedNames } from '../recipients/recipients.sql.js';
import { type LinkStatus, statusOf } from './link_status.js';
import { type LinkRow, linkRows } from './links_file.sql.js';

const TITLES = [
  'ContactID',
  'FirstName',
  'LastName',
  'Email',
  'Phone',
  'ExternalDataReference',
  'Language',
  'Link',
  'LinkExpiration',
  'Status',
  'StartedDate',
  'FinishedDate',
];
/** The words that clients of the v3 API know, and ours for what they have no word for. */
const STATUS: Readonly<Record<LinkStatus['key'], string>> = {
  finished: 'Survey Finished',
  revoked: 'Link Revoked',
  partial: 'Survey Partially Finished',
  started: 'Survey Started',
  expired: 'Link Expired',
  opened: 'Link Opened',
  open: 'Email not sent',
};
const PAGE = 5000;
/** While links are being made the file waits so long for more of them. */
const LOOK_AGAIN_MS = 200;

/**
 * Personal links as CSV: streams while they are made, and again at any time with what has come of each. Memory stays flat
 * at any size; each page is a short transaction of its own.
 */
@Injectable()
export class LinksFile {
  constructor(
    private readonly database: Database,
    private readonly links: LinksService,
    private readonly ids: Ids,
    private readonly clock: Clock,
  ) {}

  async *lines(actor: Actor, { id }: Distribution): AsyncGenerator<string> {
    let after = '0';
    let names: string[] | undefined;
    for (;;) {
      const isMaking = await this.isMaking(actor, id); // asked before the page: what comes later is on the next one
      const rows = await this.page(actor, id, after);
      if (rows.length > 0 || !isMaking) {
        names ??= yield* this.head(actor, id);
        yield rows.map((row) => csvLine(this.cells(row, names ?? []))).join('');
      }
      after = rows.at(-1)?.id ?? after;
      if (rows.length < PAGE && !isMaking) {
        return;
      }
      if (rows.length < PAGE) {
        await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
      }
    }
  }

  private async *head(actor: Actor, id: string): AsyncGenerator<string, string[]> {
    const names = await this.database.inBrand(actor.brandId, (unit) => embeddedNames(unit, id));
    yield csvLine([...TITLES, ...names]);
    return names;
  }

  private page(actor: Actor, id: string, after: string): Promise<LinkRow[]> {
    return this.database.inBrand(actor.brandId, (unit) =>
      linkRows(unit, id, { after, size: PAGE, now: this.clock.now() }),
    );
  }

  private async isMaking(actor: Actor, id: string): Promise<boolean> {
    const found = await this.database.inBrand(actor.brandId, ({ em }) => em.findOne(Distribution, { id }));
    return found?.status === 'planning';
  }

  private cells({ contactId, linkId, recipient, address, ...row }: LinkRow, names: string[]): string[] {
    const { firstName, lastName, phone, extRef, language, embedded } = recipient;
    const cells: unknown[] = [
      contactId === null ? null : this.ids.show('CID', contactId),
      firstName,
      lastName,
      address,
      phone,
      extRef,
      language,
      linkId === null ? null : this.links.addressOf(linkId),
      row.expiresAt,
      STATUS[statusOf(row).key],
      row.startedAt,
      row.finishedAt,
    ];
    for (const name of names) {
      cells.push(embedded?.[name]);
    }
    return cells.map(textOf);
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : value === null || value === undefined ? '' : JSON.stringify(value);
}
