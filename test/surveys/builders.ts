import type { Share } from '../../src/brands/access.js';
import { exampleDefinition, type SurveyDefinition } from '../../src/engine/definition.js';
import type { Survey } from '../../src/surveys/survey.entity.js';
import { SharesService } from '../../src/surveys/shares/shares.service.js';
import { SurveysService } from '../../src/surveys/surveys.service.js';
import type { Person, World } from '../world.js';

export interface SurveyWish {
  name?: string;
  definition?: SurveyDefinition;
  options?: Record<string, unknown>;
  /** `active` is published too. */
  stage?: 'new' | 'published' | 'active' | 'paused';
}

/** A survey of `person` with the two questions of the example, as the product makes it. */
export async function aSurvey(world: World, person: Person, wish: SurveyWish = {}): Promise<Survey> {
  const { name = 'Onboarding pulse', definition = exampleDefinition(), options = {}, stage = 'active' } = wish;
  const surveys = world.app.get(SurveysService);
  const { actor } = person;
  const survey = await surveys.create(actor, { name, definition, options });
  if (stage === 'published') {
    return surveys.publish(actor, survey.id);
  }
  if (stage === 'new') {
    return survey;
  }
  const active = await surveys.activate(actor, survey.id);
  return stage === 'active' ? active : surveys.pause(actor, survey.id, { people: 'finish', message: '' });
}

/** Shares a survey as its owner would, with the ticks that are named. */
export async function shareWith(
  world: World,
  owner: Person,
  surveyId: string,
  colleague: Person,
  ...rights: (keyof Share)[]
): Promise<void> {
  const none = { canEdit: false, canViewReports: false, canActivate: false, canCopy: false, canDistribute: false };
  const share = { ...none, ...Object.fromEntries(rights.map((right) => [right, true])) };
  await world.app.get(SharesService).share(owner.actor, surveyId, colleague.actor.userId, share);
}
