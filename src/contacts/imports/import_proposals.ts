import { Injectable } from '@nestjs/common';
import { BrandsService } from '../../brands/brands.service.js';
import { Ids } from '../../platform/ids.js';
import { type Country, countryOf } from '../phone_number.js';
import { propose } from './column_mapping.js';
import type { ContactImport, ImportMapping } from './contact_import.entity.js';
import { type FileShape, firstRows } from './csv_shape.js';
import { type ImportRow, type Reject, RowReading } from './row_reading.js';

const PREVIEW_ROWS = 20;

/** What an import would do, before it does it: which column is what, and the first rows as they will be stored. */
@Injectable()
export class ImportProposals {
  constructor(
    private readonly brands: BrandsService,
    private readonly ids: Ids,
  ) {}

  /** @param country in which phone numbers are read; undefined takes the brand's */
  async mapping(brandId: string, path: string, shape: FileShape, country?: Country | null): Promise<ImportMapping> {
    const rows = await firstRows(path, shape, PREVIEW_ROWS);
    const samples = rows.slice(shape.hasHeader ? 1 : 0);
    const isOurId = (column: number): boolean =>
      samples.every(({ cells }) => {
        const cell = cells[column]?.trim() ?? '';
        return cell === '' || this.ids.tryRead('CID', cell) !== undefined;
      });
    const ownCountry = async (): Promise<Country | null> => countryOf((await this.brands.of(brandId)).timeZone) ?? null;
    return {
      ...propose(shape.columns, isOurId, rows[0]?.line),
      country: country === undefined ? await ownCountry() : country,
    };
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
