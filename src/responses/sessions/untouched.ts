import type { WalkState } from '../../engine/page.js';
import { isEmpty } from '../../engine/path.js';
import type { Session } from './session.js';

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

function isUntouched({ given, drafts }: WalkState): boolean {
  return [given, drafts].every((pages) =>
    Object.values(pages).every((answers) => Object.values(answers).every((answer) => isEmpty(answer))),
  );
}
