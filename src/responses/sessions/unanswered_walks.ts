import type { Untouched } from './untouched.js';
import type { Unit } from '../../platform/db/database.js';
import { drawAgain, giveBack } from '../even_draws.js';
import type { Keeping } from './keeping.js';
import type { Session } from './session.js';
import { lockSession } from './session_rows.js';
import type { Visit } from '../visit.js';
import { expiryOf } from '../walks.js';

/**
 * Begins a walk again whose session was forgotten, with the same start, draws and version; counted as started it was before.
 * @returns its session, locked; undefined where its time is over, or nothing is known of it
 * @throws {LimitReached} as any start
 */
export async function beginAgain(
  unit: Unit,
  visit: Visit,
  untouched: Untouched | undefined,
  options: Record<string, unknown>,
  keeping: Keeping,
): Promise<Session | undefined> {
  const { way, now, address, device } = visit;
  if (untouched === undefined || expiryOf(options, untouched.lastActivityAt, false) <= now) {
    return undefined;
  }
  const { walk, lastActivityAt: _, ...known } = untouched;
  await drawAgain(unit, way.surveyId, walk);
  const fresh = { ...known, way, address, device: device.kind, browsers: undefined, isAgain: true };
  const leaving = { state: 'open' as const, ending: '', answers: {}, embedded: {}, person: {} };
  const id = await keeping.start(unit, fresh, {
    walk,
    progress: 0,
    now,
    expiresAt: expiryOf(options, now, false),
    leaving,
  });
  if (id === undefined) {
    await giveBack(unit, way.surveyId, [{ walk }]);
  }
  return lockSession(unit, way, { start: known.startKey });
}
