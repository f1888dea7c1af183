import { Injectable } from '@nestjs/common';
import { Events } from '../platform/events.js';
import { SurveyStageChanged } from '../surveys/surveys.events.js';
import { HoldsService } from './holds.service.js';

/** What is held for a paused survey goes on when it is resumed, without waiting for the clock. */
@Injectable()
export class SurveyStagesListener {
  constructor(events: Events, holds: HoldsService) {
    events.on(SurveyStageChanged, ({ brandId, surveyId, stage }) =>
      stage === 'active' ? holds.lookAgainFor(brandId, surveyId) : undefined,
    );
  }
}
