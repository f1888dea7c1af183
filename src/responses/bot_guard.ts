import type { SurveyDoor } from '../surveys/surveys.service.js';
import { STATUS } from './sessions/session.js';
import { mayAsk, type Post, type Visit } from './visit.js';

/** The field that people do not see; programs that fill every field fill it too. */
export const TRAP = 'website';

/**
 * Whether the trap is set on this way. It is an option of the survey, and it never meets people who were invited:
 * a password manager that fills it must cost nobody an answer.
 */
export function isGuarded({ way }: Visit, { survey }: SurveyDoor): boolean {
  return mayAsk(way, 'trap') && survey.options['botGuard'] === true;
}

/** How a new walk is marked. What the trap has caught is kept whole, and its owner may count it after all. */
export function statusOfFirstPost(visit: Visit, door: SurveyDoor, { fields }: Post): number {
  if (visit.way.entry.isTrial) {
    return STATUS.preview;
  }
  return isGuarded(visit, door) && Boolean(fields[TRAP]) ? STATUS.spam : STATUS.normal;
}
