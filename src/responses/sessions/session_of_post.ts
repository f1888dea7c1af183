import type { Unit } from '../../platform/db/database.js';
import type { SurveyDoor } from '../../surveys/surveys.service.js';
import type { Keeping } from './keeping.js';
import { isOpen } from '../pages/refusals.js';
import type { Session } from './session.js';
import { lockSession } from './session_rows.js';
import { beginAgain } from './unanswered_walks.js';
import type { Post, Visit } from '../visit.js';

/**
 * The session that a post belongs to, locked: the person's own, the one its form names (begun again if it was forgotten), or
 * the one its start made.
 * Undefined where the post is a beginning.
 */
export async function sessionOfPost(
  unit: Unit,
  visit: Visit,
  { session, start, untouched }: Post,
  door: SurveyDoor,
  keeping: Keeping,
): Promise<Session | undefined> {
  const { way, kept } = visit;
  if (way.entry.walk === 'ofLink') {
    return lockSession(unit, way, { link: way.link?.id });
  }
  if (session !== undefined) {
    const found = await lockSession(unit, way, { id: session });
    return found ?? beginAgain(unit, visit, untouched, door.survey.options, keeping);
  }
  if (start !== undefined && kept === undefined && door.door === 'open') {
    return undefined; // nearly every first page; should its start have been posted before, writing finds that out
  }
  const begun = start && (await lockSession(unit, way, { start: start.key }));
  return begun ?? secondTab(unit, visit, door);
}

/** A first page that was open beside another: the walk that this browser is in goes on. */
async function secondTab(unit: Unit, { way, kept, now }: Visit, door: SurveyDoor): Promise<Session | undefined> {
  if (way.entry.isTrial || kept === undefined) {
    return undefined;
  }
  const other = await lockSession(unit, way, { id: kept });
  const counts = door.survey.options['preventMultiple'] === true || (other !== undefined && isOpen(other, now));
  return counts ? other : undefined;
}
