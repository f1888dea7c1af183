import type { SurveyDoor } from '../surveys/surveys.service.js';
import type { Session } from './session_rows.js';
import type { Visit } from './visit.js';

/** A page was taken; the browser goes to see where the walk stands now. */
export interface Moved {
  kind: 'moved';
  sessionId: string | undefined;
  isOver: boolean;
  /** Whether this browser is told by a cookie which walk is its own, or left alone. */
  setsCookie: boolean;
  /** Whether the cookie goes on naming the session, and until when; null ends it with the browser. */
  keepsCookie: boolean;
  cookieUntil: Date | null;
}

export const NOWHERE: Moved = {
  kind: 'moved',
  sessionId: undefined,
  isOver: false,
  setsCookie: false,
  keepsCookie: true,
  cookieUntil: null,
};

const YEAR = 365 * 86_400_000;

export function moved(
  { door, visit }: { door: SurveyDoor; visit: Visit },
  session: Pick<Session, 'id' | 'expiresAt' | 'isAnonymous' | 'isShared'>,
  isOver: boolean,
  isBegunHere = false,
): Moved {
  const { options } = door.survey;
  const endsWithBrowser = options['finishLater'] === false;
  const isIndividual = visit.way.kind === 'individual';
  return {
    kind: 'moved',
    sessionId: session.id,
    isOver,
    setsCookie: !isIndividual || (session.isAnonymous && (isBegunHere || !isElsewhere(visit, session))),
    keepsCookie: !isOver || isIndividual || options['preventMultiple'] === true,
    cookieUntil: isOver ? new Date(visit.now.getTime() + YEAR) : endsWithBrowser ? null : session.expiresAt,
  };
}

/**
 * Whether a person's own link is used in another browser than the one that began its anonymous walk, or pages of it have come
 * from both. There it goes on, but nothing of what was answered is shown: whoever has sent the link has it too, and may have
 * begun the walk to be told how its owner goes on.
 */
export function isElsewhere(
  { way, kept }: Visit,
  session: Pick<Session, 'id' | 'isAnonymous' | 'isShared'> | undefined,
): boolean {
  return (
    session !== undefined &&
    way.kind === 'individual' &&
    session.isAnonymous &&
    (kept !== session.id || session.isShared === true)
  );
}
