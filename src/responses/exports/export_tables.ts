import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/db/database.js';
import { Ids } from '../../platform/ids.js';
import type { SurveyDefinition } from '../../engine/definition.js';
import { SurveysService } from '../../surveys/surveys.service.js';
import type { ExportSettings } from './export_settings.js';
import { ExportTable, type Reader } from './export_table.js';
import { type ResponseRow, versionsOf } from './response_rows.js';

/** Makes the table of a survey's responses: its columns, and the ids that rows are called by outside. */
@Injectable()
export class ExportTables {
  constructor(
    private readonly database: Database,
    private readonly surveys: SurveysService,
    private readonly ids: Ids,
  ) {}

  /** The columns over all versions that have responses. */
  async of(brandId: string, surveyId: string, settings: ExportSettings, reader?: Reader): Promise<ExportTable> {
    const ids = await this.database.inBrand(brandId, (unit) => versionsOf(unit, surveyId));
    const versions = new Map<string, SurveyDefinition>();
    for (const id of ids) {
      versions.set(id, await this.surveys.definitionOf(brandId, id));
    }
    return new ExportTable(versions, settings, (id) => this.ids.show('R', id), reader);
  }

  /** Gives many rows their ids at once: one round of the cipher for all of them. */
  nameRows(rows: ResponseRow[]): void {
    const shown = this.ids.showAll(
      'R',
      rows.map(({ id }) => id),
    );
    rows.forEach((row, index) => (row.shownId = shown[index]!));
  }
}
