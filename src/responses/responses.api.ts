import { Controller, Get, Param } from '@nestjs/common';
import { InEnvelope } from '../platform/api/envelope.js';
import { type Actor, Me } from '../platform/auth/actor.js';
import { Can } from '../platform/auth/guard.js';
import { Ids } from '../platform/ids.js';
import { DisclosuresService } from './disclosures.service.js';
import { responseObject } from './exports/export_formats.js';
import { startExport } from './exports/export_settings.js';
import { ExportTables } from './exports/export_tables.js';
import { ResponsesService } from './responses.service.js';

/** Single responses for programs. */
@Controller('API/v3/surveys/:survey/responses')
@Can('api:access')
@InEnvelope()
export class ResponsesApi {
  constructor(
    private readonly responses: ResponsesService,
    private readonly disclosures: DisclosuresService,
    private readonly tables: ExportTables,
    private readonly ids: Ids,
  ) {}

  @Get(':response')
  async show(
    @Me() actor: Actor,
    @Param('survey') survey: string,
    @Param('response') response: string,
  ): Promise<object> {
    const surveyId = this.ids.read('SV', survey);
    const row = await this.responses.mustFind(actor, surveyId, this.ids.read('R', response));
    const { disclosure } = await this.disclosures.mustFind(actor, surveyId);
    const settings = { ...startExport.parse({}), withPeople: disclosure.showsPeople, isNeutral: false };
    return responseObject(await this.tables.of(actor.brandId, surveyId, settings), row);
  }
}
