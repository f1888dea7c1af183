import type { Stage } from './door.js';

/** A survey was activated, paused or resumed. What a pause means for open sessions stands in the survey. */
export class SurveyStageChanged {
  constructor(
    readonly brandId: string,
    readonly surveyId: string,
    readonly stage: Stage,
  ) {}
}

/** A survey was deleted: nobody may start, and nothing may be sent for it. */
export class SurveyRemoved {
  constructor(
    readonly brandId: string,
    readonly surveyId: string,
  ) {}
}
