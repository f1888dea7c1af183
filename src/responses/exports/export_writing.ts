import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/db/database.js';
import { Ids } from '../../platform/ids.js';
import type { SurveyDefinition } from '../../surveys/engine/definition.js';
import { SurveysService } from '../../surveys/surveys.service.js';
import { ExportFiles } from './export_files.js';
import { formatOf } from './export_formats.js';
import type { ExportSettings } from './export_settings.js';
import { ExportTable } from './export_table.js';
import { ExportsService, selectionOf, type StoredExport } from './exports.service.js';
import { pageOfRows, versionsOf } from './response_rows.js';

const PAGE = 1000;

/** Writes an export page by page: a thousand responses are in memory, whatever their number. */
@Injectable()
export class ExportWriting {
  constructor(
    private readonly database: Database,
    private readonly surveys: SurveysService,
    private readonly exports: ExportsService,
    private readonly files: ExportFiles,
    private readonly ids: Ids,
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
  async table(brandId: string, surveyId: string, settings: ExportSettings): Promise<ExportTable> {
    const ids = await this.database.inBrand(brandId, (unit) => versionsOf(unit, surveyId));
    const versions = new Map<string, SurveyDefinition>();
    for (const id of ids) {
      versions.set(id, await this.surveys.definitionOf(brandId, id));
    }
    return new ExportTable(versions, settings, (id) => this.ids.show('R', id));
  }

  private async *pieces(brandId: string, claimed: StoredExport, table: ExportTable): AsyncGenerator<string> {
    const format = formatOf(claimed.settings, table);
    const selection = selectionOf(claimed.surveyId, claimed.settings);
    const most = selection.limit ?? Number.MAX_SAFE_INTEGER;
    yield format.begin();
    let [done, after] = [0, '0'];
    while (done < most) {
      const size = Math.min(PAGE, most - done);
      const rows = await this.database.inBrand(brandId, (unit) => pageOfRows(unit, selection, after, size));
      yield rows.map((row, index) => format.row(row, done + index === 0)).join('');
      done += rows.length;
      after = rows.at(-1)?.id ?? after;
      await this.exports.progress(brandId, claimed.id, done);
      if (rows.length < size) {
        break;
      }
    }
    yield format.end();
  }

  private async nameInside(brandId: string, { surveyId, settings }: StoredExport): Promise<string> {
    const { name } = await this.database.inBrand(brandId, (unit) =>
      unit.one<{ name: string }>('SELECT name FROM surveys WHERE id = $1', [surveyId]),
    );
    return `${fileName(name)}.${settings.format}`;
  }
}

/** A survey's name as a file may be called anywhere. */
export function fileName(name: string): string {
  const safe = name
    .replaceAll(/[\p{Cc}<>:"/\\|?*]/gu, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
  return safe.replace(/^\.+/, '').slice(0, 100) || 'responses';
}
