import { Injectable } from '@nestjs/common';
import { LinksService } from '../../links/links.service.js';
import type { Actor } from '../../platform/auth/actor.js';
import { Clock } from '../../platform/clock.js';
import { csvLine } from '../../platform/csv_cells.js';
import { Database } from '../../platform/db/database.js';
import { Ids } from '../../platform/ids.js';
import { DisclosuresService, type Exactness } from '../../responses/disclosures.service.js';
import { noLinkWords } from '../../audiences/reasons.js';
import type { FoundDistribution } from '../../ledger/found_distributions.service.js';
import { embeddedNames } from '../../ledger/recipients/recipients.sql.js';
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
  screened_out: 'Survey Screened Out',
  quota_full: 'Survey Quota Full',
  revoked: 'Link Revoked',
  partial: 'Survey Partially Finished',
  session_expired: 'Session Expired',
  started: 'Survey Started',
  expired: 'Link Expired',
  opened: 'Link Opened',
  open: 'Email not sent',
  skipped: 'Link not made',
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
    private readonly disclosures: DisclosuresService,
  ) {}

  async *lines(actor: Actor, found: FoundDistribution): AsyncGenerator<string> {
    let names: string[] | undefined;
    for await (const rows of this.pages(actor, found)) {
      names ??= yield* this.head(actor, found.distribution.id);
      yield rows.map((row) => csvLine(this.cells(row, names ?? []))).join('');
    }
  }

  /** Pages of rows until there are no more and none are being made; the next one is read while one is written. */
  private async *pages(actor: Actor, found: FoundDistribution): AsyncGenerator<LinkRow[]> {
    const { exactness } = this.disclosures.towards(actor, found);
    const id = { distributionId: found.distribution.id, exactness };
    let after = '0';
    let page = this.page(actor, id, after);
    for (;;) {
      const { rows, isMaking } = await page;
      after = rows.at(-1)?.id ?? after;
      const isFull = rows.length === PAGE;
      if (isFull) {
        page = this.page(actor, id, after);
      }
      if (rows.length > 0 || !isMaking) {
        yield rows;
      }
      if (!isFull) {
        if (!isMaking) {
          return;
        }
        await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
        page = this.page(actor, id, after);
      }
    }
  }

  private async *head(actor: Actor, id: string): AsyncGenerator<string, string[]> {
    const names = await this.database.inBrand(actor.brandId, (unit) => embeddedNames(unit, id));
    yield csvLine([...TITLES, ...names]);
    return names;
  }

  /** Whether more is coming is asked before the rows: what comes in between is on the next page. */
  private page(
    actor: Actor,
    { distributionId: id, exactness }: { distributionId: string; exactness: Exactness },
    after: string,
  ): Promise<{ rows: LinkRow[]; isMaking: boolean }> {
    const read = this.database.inBrand(actor.brandId, async (unit) => {
      const [found] = await unit.sql<{ status: string }>('SELECT status FROM distributions WHERE id = $1', [id]);
      const rows = await linkRows(unit, id, { after, size: PAGE, now: this.clock.now(), exactness });
      return { rows, isMaking: found?.status === 'planning' };
    });
    read.catch(() => undefined); // told by whoever awaits it; nobody does where the reader has gone
    return read;
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
      statusText(row),
      row.startedAt,
      row.endedAt,
    ];
    for (const name of names) {
      cells.push(embedded?.[name]);
    }
    return cells.map(textOf);
  }
}

function statusText(row: Omit<LinkRow, 'contactId' | 'linkId' | 'recipient' | 'address'>): string {
  const { reason, reasonAt } = row;
  const status = STATUS[statusOf(row).key];
  const why = noLinkWords(reason);
  return why === undefined || row.state !== 'skipped'
    ? status
    : `${status}: ${why}${reasonAt === null ? '' : ` on ${reasonAt.toISOString().slice(0, 10)}`}`;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : value === null || value === undefined ? '' : JSON.stringify(value);
}
