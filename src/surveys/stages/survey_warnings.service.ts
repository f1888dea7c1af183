import { Injectable } from '@nestjs/common';
import type { Actor } from '../../platform/auth/actor.js';
import { SurveyWords } from '../survey_words.js';
import { SurveysService } from '../surveys.service.js';
import { type WarningsModel, warningsModel } from './warning_words.js';

/** What its author should know before a survey is opened, for pages of other modules that open one. */
@Injectable()
export class SurveyWarningsService {
  constructor(
    private readonly surveys: SurveysService,
    private readonly words: SurveyWords,
  ) {}

  /**
   * Of the draft, which opening the survey would publish; without links, so that nobody leaves what they were writing.
   * @returns undefined where there is nothing to say, or something is published already
   */
  async beforeOpening(actor: Actor, surveyId: string): Promise<WarningsModel | undefined> {
    const { survey } = await this.surveys.mustFindWithDraft(actor, surveyId);
    return survey.publishedVersionId === null ? warningsModel(survey.draft, this.words.say, () => '') : undefined;
  }
}
