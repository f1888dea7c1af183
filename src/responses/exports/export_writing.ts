import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/db/database.js';
import { Ids } from '../../platform/ids.js';
import type { SurveyDefinition } from '../../surveys/engine/definition.js';
import { SurveysService } from '../../surveys/surveys.service.js';
import { DisclosuresService } from '../disclosures.service.js';
import { ExportFiles } from './export_files.js';
import { type Format, formatOf } from './export_formats.js';
import type { ExportSettings } from './export_settings.js';
import { ExportTable, type Reader } from './export_table.js';
import { ExportsService, selectionOf, type StoredExport } from './exports.service.js';
import { pageOfRows, type ResponseRow, versionsOf } from './response_rows.js';

/** Small enough that the rows of a page die young: with 1,000 a quarter of the time went to the garbage collector. */
const PAGE = 250;
/** Whoever watches asks once a second. */
const TELL_MS = 400;

/** Parts that writing exports needs beside the others. */
@Injectable()
export class ExportParts {
  constructor(
    readonly surveys: SurveysService,
    readonly disclosures: DisclosuresService,
    readonly ids: Ids,
  ) {}
}

/** Writes an export page by page: a few hundred responses are in memory, whatever their number. */
@Injectable()
export class ExportWriting {
  constructor(
    private readonly database: Database,
    private readonly exports: ExportsService,
    private readonly files: ExportFiles,
    private readonly parts: ExportParts,
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
      const table = await this.table(brandId, claimed.surveyId, claimed.settings);
      const pieces = this.pieces(brandId, claimed, table);
      const name = claimed.settings.compress ? await this.nameInside(brandId, claimed) : undefined;
      const path = await this.files.write(`${brandId}-${exportId}`, pieces, name);
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

  /** The columns over all versions that have responses. */
  async table(brandId: string, surveyId: string, settings: ExportSettings, reader?: Reader): Promise<ExportTable> {
    const ids = await this.database.inBrand(brandId, (unit) => versionsOf(unit, surveyId));
    const versions = new Map<string, SurveyDefinition>();
    for (const id of ids) {
      versions.set(id, await this.parts.surveys.definitionOf(brandId, id));
    }
    return new ExportTable(versions, settings, (id) => this.parts.ids.show('R', id), reader);
  }

  private async *pieces(brandId: string, claimed: StoredExport, table: ExportTable): AsyncGenerator<string | Buffer> {
    const format = formatOf(claimed.settings, table);
    const most = claimed.settings.limit ?? Number.MAX_SAFE_INTEGER;
    yield format.begin();
    let [done, after, told] = [0, '0', performance.now()];
    // The next page is asked for before this one is written: the database and this process work at once.
    let asked: Promise<ResponseRow[]> | undefined = this.rows(brandId, claimed, after, Math.min(PAGE, most));
    while (asked !== undefined) {
      const rows: ResponseRow[] = await asked;
      const isFirst = done === 0;
      done += rows.length;
      after = rows.at(-1)?.id ?? after;
      const isLast = rows.length < PAGE || done >= most;
      asked = isLast ? undefined : this.rows(brandId, claimed, after, Math.min(PAGE, most - done));
      asked?.catch(() => undefined); // told where it is awaited
      yield bytesOf(rows, format, isFirst);
      if (isLast || performance.now() - told > TELL_MS) {
        told = performance.now();
        await this.exports.progress(brandId, claimed.id, done);
      }
    }
    yield format.end();
  }

  private async rows(
    brandId: string,
    { surveyId, settings }: StoredExport,
    after: string,
    size: number,
  ): Promise<ResponseRow[]> {
    const selection = selectionOf(surveyId, settings);
    const rows = await this.database.inBrand(brandId, (unit) => pageOfRows(unit, selection, after, size));
    return this.parts.disclosures.of(brandId, { seePeople: settings.withPeople, isAnonymous: false }).responses(rows);
  }

  private async nameInside(brandId: string, { surveyId, settings }: StoredExport): Promise<string> {
    const { name } = await this.database.inBrand(brandId, (unit) =>
      unit.one<{ name: string }>('SELECT name FROM surveys WHERE id = $1', [surveyId]),
    );
    return `${fileName(name)}.${settings.format}`;
  }
}

/** Bytes only come out: the rows are gone when the ones after the next are asked for. */
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
