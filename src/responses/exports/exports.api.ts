import { Body, Controller, Get, Param, Post, Res } from '@nestjs/common';
import type { Response } from 'express';
import { InEnvelope, Ok } from '../../platform/api/envelope.js';
import { type Actor, Me } from '../../platform/auth/actor.js';
import { Can } from '../../platform/auth/guard.js';
import { Ids } from '../../platform/ids.js';
import { form } from '../../platform/web/form.js';
import { SurveysService } from '../../surveys/surveys.service.js';
import { download } from './export_download.js';
import { type ExportWish, startExport } from './export_settings.js';
import { ExportsService, type StoredExport } from './exports.service.js';

/** Clients ask for progress in a tight loop; each question waits a little for news. */
const WAIT_MS = 900;
const STEP_MS = 60;

/** Exports of responses for programs: start, progress, file. */
@Controller('API/v3/surveys/:survey/export-responses')
@Can('api:access')
@InEnvelope()
export class ExportsApi {
  constructor(
    private readonly exports: ExportsService,
    private readonly surveys: SurveysService,
    private readonly ids: Ids,
  ) {}

  @Post()
  @Ok()
  async create(
    @Me() actor: Actor,
    @Param('survey') survey: string,
    @Body(form(startExport)) wish: ExportWish,
  ): Promise<object> {
    const id = await this.exports.start(actor, this.ids.read('SV', survey), wish);
    return { progressId: this.ids.show('ES', id), percentComplete: 0, status: 'inProgress' };
  }

  @Get(':progress')
  async show(
    @Me() actor: Actor,
    @Param('survey') survey: string,
    @Param('progress') progress: string,
  ): Promise<object> {
    const [surveyId, id] = [this.ids.read('SV', survey), this.ids.read('ES', progress)];
    let stored = await this.exports.mustFind(actor, surveyId, id);
    for (let waited = 0; isOpen(stored) && waited < WAIT_MS; waited += STEP_MS) {
      await new Promise((resolve) => setTimeout(resolve, STEP_MS));
      stored = await this.exports.mustFind(actor, surveyId, id);
    }
    return answerOf(stored, progress);
  }

  @Get(':file/file')
  async file(
    @Me() actor: Actor,
    @Param('survey') survey: string,
    @Param('file') file: string,
    @Res() response: Response,
  ): Promise<void> {
    const surveyId = this.ids.read('SV', survey);
    const stored = await this.exports.mustBeComplete(actor, surveyId, this.ids.read('ES', file));
    const found = await this.surveys.mustFind(actor, surveyId);
    await download(response, stored, found.survey.name);
  }
}

function isOpen({ status }: StoredExport): boolean {
  return status === 'queued' || status === 'running';
}

function answerOf(stored: StoredExport, shownId: string): object {
  const { status, rowsDone, rowsTotal } = stored;
  if (status === 'complete') {
    return { fileId: shownId, percentComplete: 100, status: 'complete' };
  }
  const share = rowsTotal === 0 ? 0 : Math.min(99, Math.floor((rowsDone / rowsTotal) * 100));
  return { percentComplete: share, status: status === 'failed' ? 'failed' : 'inProgress' };
}
