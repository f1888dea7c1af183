import { AsyncLocalStorage } from 'node:async_hooks';
import { setImmediate as turn } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/db/database.js';
import { DisclosuresService } from '../disclosures.service.js';
import { ExportFiles } from './export_files.js';
import { type Format, formatOf } from './export_formats.js';
import type { ExportTable } from './export_table.js';
import { ExportTables } from './export_tables.js';
import { ExportsService, selectionOf, type StoredExport } from './exports.service.js';
import type { ResponseRow } from './response_rows.js';
import { copyOfResponses, rowsIn, whole } from './response_stream.js';

/** Whoever watches asks once a second. */
const TELL_MS = 400;
/** Cells that are written at a stretch: some milliseconds of work. */
const CELLS = 50_000;

/** Writes an export as the rows come: some dozens of responses are in memory, whatever their number. */
@Injectable()
export class ExportWriting {
  constructor(
    private readonly database: Database,
    private readonly exports: ExportsService,
    private readonly files: ExportFiles,
    private readonly tables: ExportTables,
    private readonly disclosures: DisclosuresService,
  ) {}

  async write(brandId: string, exportId: string): Promise<void> {
    const claimed = await this.exports.claim(brandId, exportId);
    if (claimed === undefined) {
      return;
    }
    try {
      for (const old of await this.exports.forgetOld(brandId)) {
        await this.files.remove(old);
      }
      const table = await this.tables.of(brandId, claimed.surveyId, claimed.settings);
      const name = claimed.settings.compress ? await this.nameInside(brandId, claimed) : undefined;
      const path = await this.written(brandId, claimed, table, name);
      await this.exports.complete(brandId, exportId, path);
    } catch (error) {
      await this.exports.fail(
        brandId,
        exportId,
        'The file could not be written. Try again; your operator finds the reason in the log.',
      );
      throw error;
    }
  }

  /**
   * Reads and writes in one transaction, whose snapshot is the export. Its connection is busy until the last row, so what is
   * asked meanwhile goes outside of it.
   */
  private written(brandId: string, claimed: StoredExport, table: ExportTable, name?: string): Promise<string> {
    const outside = AsyncLocalStorage.snapshot();
    const selection = selectionOf(claimed.surveyId, claimed.settings);
    return this.database.inBrand(brandId, (unit) =>
      whole(copyOfResponses(unit, selection, table.versionIds), (copied) => {
        const pieces = this.pieces(brandId, claimed, table, copied);
        return outside(() => this.files.write(`${brandId}-${claimed.id}`, pieces, name));
      }),
    );
  }

  private async *pieces(
    brandId: string,
    { id, settings }: StoredExport,
    table: ExportTable,
    copied: AsyncIterable<Buffer>,
  ): AsyncGenerator<string | Buffer> {
    const format = formatOf(settings, table);
    const may = this.disclosures.of(brandId, { seePeople: settings.withPeople, isAnonymous: false });
    yield format.begin();
    let [done, told] = [0, performance.now()];
    for await (const all of rowsIn(copied)) {
      const rows = await may.responses(all);
      this.tables.nameRows(rows);
      for (const some of slicesOf(rows, table.columns.length)) {
        yield bytesOf(some, format, done === 0);
        done += some.length;
        await turn();
      }
      if (performance.now() - told > TELL_MS) {
        told = performance.now();
        await this.exports.progress(brandId, id, done);
      }
    }
    yield format.end();
    await this.exports.progress(brandId, id, done);
  }

  private async nameInside(brandId: string, { surveyId, settings }: StoredExport): Promise<string> {
    const { name } = await this.database.inBrand(brandId, (unit) =>
      unit.one<{ name: string }>('SELECT name FROM surveys WHERE id = $1', [surveyId]),
    );
    return `${fileName(name)}.${settings.format}`;
  }
}

/** So many rows at a time that their cells keep nobody waiting: a wide table has thousands in each. */
function slicesOf(rows: ResponseRow[], columns: number): ResponseRow[][] {
  const size = Math.max(1, Math.floor(CELLS / columns));
  return Array.from({ length: Math.ceil(rows.length / size) }, (_, index) =>
    rows.slice(index * size, (index + 1) * size),
  );
}

/** Bytes only come out: the rows are gone when the next ones are asked for. */
function bytesOf(rows: ResponseRow[], format: Format, isFirst: boolean): Buffer {
  return Buffer.from(rows.map((row, index) => format.row(row, isFirst && index === 0)).join(''));
}

/** A survey's name as a file may be called anywhere. */
export function fileName(name: string): string {
  const safe = name
    .replaceAll(/[\p{Cc}<>:"/\\|?*]/gu, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
  return safe.replace(/^\.+/, '').slice(0, 100) || 'responses';
}
