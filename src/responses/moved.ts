import type { SurveyDoor } from '../surveys/surveys.service.js';
import { isOf } from './proofs/walk_browsers.js';
import type { Session } from './sessions/session.js';
import type { Post, Visit } from './visit.js';

/** A page was taken; the browser goes to see where the walk stands now. */
export interface Moved {
  kind: 'moved';
  sessionId: string | undefined;
  isOver: boolean;
  /** By a person's own link: what this browser is told by a cookie that it is; undefined leaves it alone. */
  browser?: string | undefined;
  /** By an open link: whether the cookie goes on naming the session. */
  keepsCookie: boolean;
  /** How long the cookie stays; null ends it with the browser. */
  cookieUntil: Date | null;
}

export const NOWHERE: Moved = {
  kind: 'moved',
  sessionId: undefined,
  isOver: false,
  keepsCookie: true,
  cookieUntil: null,
};

const YEAR = 365 * 86_400_000;

/** @param browser that took the page, where one was taken */
export function moved(
  { door, visit, post }: { door: SurveyDoor; visit: Visit; post: Post },
  session: Pick<Session, 'id' | 'expiresAt' | 'browsers'>,
  isOver: boolean,
  browser = knownBrowser(visit, post, session),
): Moved {
  const { options } = door.survey;
  const endsWithBrowser = options['finishLater'] === false && visit.way.entry.walk === 'ofBrowser';
  return {
    kind: 'moved',
    sessionId: session.id,
    isOver,
    browser,
    keepsCookie: !isOver || options['preventMultiple'] === true,
    cookieUntil: isOver ? new Date(visit.now.getTime() + YEAR) : endsWithBrowser ? null : session.expiresAt,
  };
}

/** A form that was sent twice: its second answer, which the browser looks at, tells what the first one would have told. */
function knownBrowser({ browser }: Visit, post: Post, { browsers }: Pick<Session, 'browsers'>): string | undefined {
  return browser ?? (post.browser !== undefined && isOf(browsers, post.browser) ? post.browser : undefined);
}
