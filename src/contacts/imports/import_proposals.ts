import { Injectable } from '@nestjs/common';
import { BrandsService } from '../../brands/brands.service.js';
import { Ids } from '../../platform/ids.js';
import { trimmed } from '../../platform/foreign/invisible.js';
import { type Country, countryOf } from '../phone_number.js';
import { type Proposal, propose } from './column_mapping.js';
import type { ContactImport, ImportMapping } from './contact_import.entity.js';
import { type FileShape, firstRows } from './csv/csv_shape.js';
import { KnownLinks } from './known_links.service.js';
import { holdsLinks, withLinksOfList } from './link_columns.js';
import { type ImportRow, type Reject, RowReading } from './row_reading.js';

const PREVIEW_ROWS = 20;

/** What an import would do, before it does it: which column is what, and the first rows as they will be stored. */
@Injectable()
export class ImportProposals {
  constructor(
    private readonly brands: BrandsService,
    private readonly ids: Ids,
    private readonly links: KnownLinks,
  ) {}

  /** @param country in which phone numbers are read; undefined takes the brand's */
  async mapping(
    { brandId, listId }: { brandId: string; listId: string },
    path: string,
    shape: FileShape,
    country?: Country | null,
  ): Promise<ImportMapping> {
    const rows = await firstRows(path, shape, PREVIEW_ROWS);
    const samples = rows.slice(shape.hasHeader ? 1 : 0);
    const isOurId = (column: number): boolean =>
      samples.every(({ cells }) => {
        const cell = trimmed(cells[column] ?? '');
        return cell === '' || this.ids.tryRead('CID', cell) !== undefined;
      });
    const ownCountry = async (): Promise<Country | null> => countryOf((await this.brands.of(brandId)).timeZone) ?? null;
    const proposal = propose(shape.columns, isOurId, rows[0]?.line);
    const cells = samples.map((row) => row.cells);
    return {
      ...(holdsLinks(shape.columns) ? await this.withLinks({ brandId, listId }, shape, proposal, cells) : proposal),
      country: country === undefined ? await ownCountry() : country,
    };
  }

  /** A file of links that came from here: they and their states are of one survey, and belong to the list. */
  private async withLinks(
    { brandId, listId }: { brandId: string; listId: string },
    { columns }: FileShape,
    proposal: Proposal,
    samples: string[][],
  ): Promise<Proposal> {
    const place = (title: string): number => columns.indexOf(title);
    const rows = samples.map((cells) => ({
      contactId: this.ids.tryRead('CID', cells[place('ContactID')]?.trim() ?? '') ?? null,
      email: cells[place('Email')]?.trim() ?? '',
      link: cells[place('Link')]?.trim() ?? '',
    }));
    return withLinksOfList(proposal, columns, await this.links.suffixFor({ brandId, listId, rows }));
  }

  /** The first rows as they are written. */
  async samples({ filePath, shape }: ContactImport): Promise<string[][]> {
    const rows = await firstRows(filePath, shape, PREVIEW_ROWS);
    return rows.slice(shape.hasHeader ? 1 : 0).map(({ cells }) => cells);
  }

  /** The first rows as they will be stored, or why they will not be. */
  async preview({ filePath, shape, mapping }: ContactImport): Promise<(ImportRow | Reject)[]> {
    const { columns, hasHeader } = shape;
    const { targets, country } = mapping;
    const reading = new RowReading({ columns, targets, country: country ?? undefined, ids: this.ids });
    const rows = await firstRows(filePath, shape, PREVIEW_ROWS + 1);
    return rows
      .slice(hasHeader ? 1 : 0)
      .slice(0, PREVIEW_ROWS)
      .flatMap((row) => reading.read(row) ?? []);
  }
}
