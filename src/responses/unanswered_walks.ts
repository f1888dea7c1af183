import type { Unit } from '../platform/db/database.js';
import type { WalkState } from '../surveys/engine/page.js';
import { isEmpty } from '../surveys/engine/path.js';
import { drawAgain, giveBack } from './even_draws.js';
import type { Keeping } from './keeping.js';
import { lockSession, type Session } from './session_rows.js';
import type { Visit } from './visit.js';
import { expiryOf } from './walks.js';

/*
 * Walks of an open link in which nothing is answered yet. A flood leaves very many of them, so their sessions are forgotten
 * early; the page of somebody who only took their time carries the walk, sealed, and its post begins it again as it was.
 */

const FORGET_MS = 3_600_000;

/** What such a page carries: everything that its session knew. */
export interface Untouched extends Pick<Session, 'channel' | 'source' | 'status' | 'isAnonymous' | 'walk'> {
  versionId: string;
  startKey: string;
  startedAt: Date;
  lastActivityAt: Date;
}

/** The walk of a session that may be forgotten, or undefined where something was answered or somebody is known. */
export function untouchedOf(session: Session | undefined): Untouched | undefined {
  if (session?.state !== 'open' || session.hasLink || !isUntouched(session.walk)) {
    return undefined;
  }
  const { versionId, startKey, channel, source, status, isAnonymous, walk, startedAt, lastActivityAt } = session;
  return versionId === undefined || startKey === null
    ? undefined
    : { versionId, startKey, channel, source, status, isAnonymous, walk, startedAt, lastActivityAt };
}

/** When the session of an open walk of nobody is forgotten; null where something was answered. */
export function forgetAtOf(walk: WalkState, now: Date): Date | null {
  return isUntouched(walk) ? new Date(now.getTime() + FORGET_MS) : null;
}

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

function isUntouched({ given, drafts }: WalkState): boolean {
  return [given, drafts].every((pages) =>
    Object.values(pages).every((answers) => Object.values(answers).every((answer) => isEmpty(answer))),
  );
}
