import type { SurveyDoor } from '../../surveys/surveys.service.js';
import type { Session } from '../sessions/session.js';
import type { RespondentBrand } from '../sessions/session_rows.js';
import type { Visit } from '../visit.js';

/** Why somebody can't answer; each has its own page in every language. */
export type RefusalReason =
  | 'unknown'
  | 'expired'
  | 'used'
  | 'timedOut'
  | 'paused'
  | 'closed'
  | 'early'
  | 'unpublished'
  | 'invitationOnly'
  | 'tooLarge'
  | 'busy';

export interface Refused {
  kind: 'refused';
  reason: RefusalReason;
  /** The owner's own words instead of ours. */
  message?: string;
  /** The language of those. */
  messageLanguage?: string | undefined;
  /** When it opens, in the survey's zone. */
  opensAt?: Date;
  timeZone?: string;
  /** When there is room again. */
  seconds?: number;
  brand?: RespondentBrand;
}

/** People meet a page, programs a status: an unknown link is 404, an expired one 410, too much at once 429, everything else is in order. */
export const STATUS_OF: Record<RefusalReason, number> = {
  unknown: 404,
  expired: 410,
  used: 200,
  timedOut: 200,
  paused: 200,
  closed: 200,
  early: 200,
  unpublished: 200,
  invitationOnly: 200,
  tooLarge: 422,
  busy: 429,
};

export function refused(reason: RefusalReason, words: Omit<Refused, 'kind' | 'reason'> = {}): Refused {
  return { kind: 'refused', reason, ...words };
}

/** Why nobody may start here now; undefined lets them in. A trial is always open. */
export function refusalAtDoor({ way, now }: Visit, atDoor: SurveyDoor): Refused | undefined {
  if (way.entry.isTrial) {
    return undefined;
  }
  if (!way.entry.isInvitation && atDoor.survey.options['invitationOnly'] === true) {
    return refused('invitationOnly');
  }
  if (isOver(way.link, now)) {
    return refused('expired');
  }
  return atDoor.door === 'open' ? undefined : closedDoor({ ...atDoor, door: atDoor.door });
}

function isOver(link: { expiresAt: Date | null; revokedAt: Date | null } | undefined, now: Date): boolean {
  return link !== undefined && (link.revokedAt !== null || (link.expiresAt !== null && link.expiresAt <= now));
}

const AT_DOOR = { new: 'unpublished', paused: 'paused', early: 'early', closed: 'closed' } as const;

function closedDoor(atDoor: SurveyDoor & { door: keyof typeof AT_DOOR }): Refused {
  const { door, opensAt, survey } = atDoor;
  return refused(AT_DOOR[door], {
    ...(door === 'paused' ? ownWords(atDoor) : {}),
    ...(opensAt === undefined ? {} : { opensAt, timeZone: survey.timeZone }),
  });
}

function ownWords({ message, messageLanguage }: SurveyDoor): Pick<Refused, 'message' | 'messageLanguage'> {
  return message === '' ? {} : { message, messageLanguage };
}

/** Whoever has started may go on, unless the time is over or a pause has closed the open walks. */
export function refusalToGoOn({ way, now }: Visit, door: SurveyDoor, session: Session): Refused | undefined {
  if (session.state !== 'finished' && !isOpen(session, now)) {
    return refused('timedOut');
  }
  if (session.state !== 'finished' && isRevoked(way)) {
    return refused('expired');
  }
  const isClosed = door.door === 'paused' && door.survey.pauseChoice !== 'finish' && !way.entry.isTrial;
  return session.state === 'open' && isClosed ? refused('paused', ownWords(door)) : undefined;
}

/** Somebody has taken the link back: unlike one that has expired it lets nobody go on. */
function isRevoked(way: Visit['way']): boolean {
  return (way.link?.revokedAt ?? null) !== null;
}

export function isOpen({ state, expiresAt }: Session, now: Date): boolean {
  return state === 'open' && (expiresAt === null || expiresAt > now);
}
