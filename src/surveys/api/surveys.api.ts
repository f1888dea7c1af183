import { Body, Controller, Delete, Get, Headers, Param, Post, Put, Query, Req, UploadedFile } from '@nestjs/common';
import type { Request } from 'express';
import { InEnvelope, Ok } from '../../platform/api/envelope.js';
import { type ElementsPage, pageOf, positionOf } from '../../platform/api/paging.js';
import { type Actor, Me } from '../../platform/auth/actor.js';
import { Can } from '../../platform/auth/guard.js';
import { Config } from '../../platform/config.js';
import { MB, Takes } from '../../platform/web/bodies/contract.js';
import { form } from '../../platform/web/form.js';
import { ApiSurveys } from './api_surveys.js';
import { fileInForm, projectName, type SentBody } from './api_upload.js';
import type { SentFile } from '../uploads/survey_file.js';
import { MAX_SURVEY_BYTES, SurveyUploadsService } from '../uploads/survey_uploads.service.js';
import type { Survey } from '../survey.entity.js';
import { SurveyWords } from '../survey_words.js';
import { changeSurvey } from '../surveys.forms.js';
import { SurveysService } from '../surveys.service.js';

/** Surveys for programs. */
@Controller('API/v3/surveys')
@Can('api:access')
@InEnvelope()
export class SurveysApi {
  constructor(
    private readonly surveys: SurveysService,
    private readonly uploads: SurveyUploadsService,
    private readonly shown: ApiSurveys,
    private readonly words: SurveyWords,
    private readonly config: Config,
  ) {}

  @Get()
  async index(
    @Me() actor: Actor,
    @Query() query: Record<string, unknown>,
    @Req() request: Request,
  ): Promise<ElementsPage<object>> {
    const position = positionOf(query, { byOffset: true });
    const rows = await this.surveys.list(actor, { ...position, order: 'made' });
    const show = (row: (typeof rows)[number]): object => this.shown.listed(row);
    return pageOf(request, this.config.baseUrl, { rows, position, idOf: ({ id }) => id, show });
  }

  /**
   * Takes the file as clients send it: a multipart form with `name` and `file`, or the file's JSON as the body; with
   * `X-COPY-SOURCE` it copies a survey instead, for `X-COPY-DESTINATION-OWNER` where that names somebody.
   */
  @Post()
  @Ok()
  @Takes({
    kinds: ['json', 'form', 'multipart'],
    bytes: MAX_SURVEY_BYTES + MB,
    fields: 10,
    isJsonRaw: true,
    file: { bytes: MAX_SURVEY_BYTES },
  })
  async create(
    @Me() actor: Actor,
    @Body() body: SentBody,
    @UploadedFile() sent: SentFile | undefined,
    @Headers() copying: Record<string, string | undefined>,
  ): Promise<{ id: string }> {
    const copySource = copying['x-copy-source'];
    const survey =
      copySource === undefined
        ? await this.importFrom(actor, body, sent)
        : await this.copyOf(actor, copySource, { body, owner: copying['x-copy-destination-owner'] });
    return { id: this.words.shown(survey.id) };
  }

  @Get(':id')
  show(@Me() actor: Actor, @Param('id') id: string): Promise<object> {
    return this.shown.one(actor, this.words.idOf(id));
  }

  @Put(':id')
  async update(
    @Me() actor: Actor,
    @Param('id') id: string,
    @Body(form(changeSurvey)) change: ReturnType<(typeof changeSurvey)['parse']>,
  ): Promise<void> {
    await this.surveys.change(actor, this.words.idOf(id), change);
  }

  @Delete(':id')
  async destroy(@Me() actor: Actor, @Param('id') id: string): Promise<void> {
    await this.surveys.remove(actor, this.words.idOf(id));
  }

  private copyOf(
    actor: Actor,
    source: string,
    { body, owner }: { body: SentBody; owner: string | undefined },
  ): Promise<Survey> {
    const ownerId = owner === undefined || owner === '' ? undefined : this.words.personOf(owner);
    return this.surveys.copy(actor, this.words.idOf(source), { name: projectName(body), ownerId });
  }

  private async importFrom(actor: Actor, body: SentBody, sent: SentFile | undefined): Promise<Survey> {
    if (Buffer.isBuffer(body)) {
      return this.uploads.saveBody(actor, body);
    }
    const { name, file } = fileInForm(body, sent);
    return this.uploads.saveAtOnce(actor, file, name);
  }
}
