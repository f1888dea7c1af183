import { Controller, Get, Param, Post, Render, Res } from '@nestjs/common';
import type { Response } from 'express';
import { type Actor, Me } from '../../platform/auth/actor.js';
import { Can } from '../../platform/auth/guard.js';
import { Ids } from '../../platform/ids.js';
import { addresses, asking } from '../../platform/web/addresses.js';
import { type Answer, goneTo } from '../../platform/web/answers.js';
import { Id } from '../../platform/web/id_param.js';
import { SurveysService } from '../../surveys/surveys.service.js';
import { ResponsePages } from '../pages/response_pages.js';
import { download } from './export_download.js';
import { startExport } from './export_settings.js';
import { ExportsService } from './exports.service.js';

/** Exports from the page of responses: a spreadsheet with words, in the zone of whoever asks. */
@Controller('surveys/:survey/responses/exports')
@Can('responses:export')
export class ExportsController {
  constructor(
    private readonly exports: ExportsService,
    private readonly surveys: SurveysService,
    private readonly pages: ResponsePages,
    private readonly ids: Ids,
  ) {}

  @Post()
  async create(@Me() actor: Actor, @Id('SV', 'survey') surveyId: string): Promise<Answer> {
    const wish = startExport.parse({ useLabels: true, compress: false, timeZone: actor.timeZone });
    const id = await this.exports.start(actor, surveyId, wish, true);
    return goneTo(asking(addresses.responses.list(this.ids.show('SV', surveyId)), { export: this.ids.show('ES', id) }));
  }

  /** The part that asks for itself anew until the file is there. */
  @Get(':export')
  @Render('responses/_export')
  show(@Me() actor: Actor, @Param('survey') survey: string, @Param('export') shownExport: string): Promise<object> {
    return this.pages.exportPart(actor, survey, shownExport);
  }

  @Get(':export/file')
  async file(
    @Me() actor: Actor,
    @Id('SV', 'survey') surveyId: string,
    @Id('ES', 'export') exportId: string,
    @Res() response: Response,
  ): Promise<void> {
    const stored = await this.exports.mustBeComplete(actor, surveyId, exportId);
    const found = await this.surveys.mustFind(actor, surveyId);
    await download(response, stored, found.survey.name);
  }
}
