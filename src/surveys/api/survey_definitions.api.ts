import { Controller, Get, Param, Query } from '@nestjs/common';
import { InEnvelope } from '../../platform/api/envelope.js';
import { type Actor, Me } from '../../platform/auth/actor.js';
import { Can } from '../../platform/auth/guard.js';
import { Invalid } from '../../platform/errors.js';
import { ApiSurveys } from './api_surveys.js';
import { SurveyWords } from '../survey_words.js';

/** The definition of a survey's draft for programs. */
@Controller('API/v3/survey-definitions/:id')
@Can('api:access')
@InEnvelope()
export class SurveyDefinitionsApi {
  constructor(
    private readonly surveys: ApiSurveys,
    private readonly words: SurveyWords,
  ) {}

  @Get()
  show(@Me() actor: Actor, @Param('id') id: string, @Query('format') format: string | undefined): Promise<object> {
    if (format !== undefined && format !== '') {
      throw new Invalid('A definition is given as JSON only; leave "format" away.');
    }
    return this.surveys.definition(actor, this.words.idOf(id));
  }

  @Get('metadata')
  metadata(@Me() actor: Actor, @Param('id') id: string): Promise<object> {
    return this.surveys.metadata(actor, this.words.idOf(id));
  }
}
