import type { SurveyDoor } from '../../surveys/surveys.service.js';
import { refusalAtDoor } from '../pages/refusals.js';
import type { Session } from './session.js';
import type { RespondentBrand } from './session_rows.js';
import { mayAsk, type Post, type Visit } from '../visit.js';

/** A walk of this browser is open, and nobody knows whether the person who has come is the one who began it. */
export interface Begun {
  kind: 'begun';
  brand: RespondentBrand;
  title: string;
  sessionId: string;
  /** Not where nobody may start at the moment. */
  mayStartAnew: boolean;
}

export function begunHere(visit: Visit, door: SurveyDoor, brand: RespondentBrand, { id }: Session): Begun {
  const mayStartAnew = refusalAtDoor(visit, door) === undefined;
  return { kind: 'begun', brand, title: door.survey.name, sessionId: id, mayStartAnew };
}

/** Whether the walk that the browser's cookie names may be somebody else's: the request follows none of its pages. */
export function mayBeAnothers({ way, isUnderWay }: Visit): boolean {
  return mayAsk(way, 'whose') && !isUnderWay;
}

/** Only the page that asks has both the button and the ticket: no other site can make a browser forget its walk. */
export function forgets({ way, kept }: Visit, { fields, session }: Post): boolean {
  return mayAsk(way, 'whose') && fields['anew'] !== undefined && session !== undefined && session === kept;
}
