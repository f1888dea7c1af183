import type { Stage } from './door.js';

/**
 * A survey was activated, paused, resumed, or deleted (then it is paused as well). What that means for open sessions
 * stands in the survey.
 */
export class SurveyStageChanged {
  constructor(
    readonly brandId: string,
    readonly surveyId: string,
    readonly stage: Stage,
  ) {}
}
