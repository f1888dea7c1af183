import { Injectable } from '@nestjs/common';
import { Database, type Unit } from '../platform/db/database.js';
import type { SurveyDefinition } from '../engine/definition.js';
import { dependsOnDraws, isSamePage } from '../engine/beginnings.js';
import type { EndView, FieldError, Fields, WalkState } from '../engine/page.js';
import { mayReturn, resumed, type HiddenAnswers } from '../engine/hidden-answers.js';
import { isAnonymized } from '../surveys/survey.entity.js';
import { type SurveyDoor, SurveysService } from '../surveys/surveys.service.js';
import { isForgotten } from './anonymous/anonymous_answers.js';
import { type Begun, begunHere, forgets, mayBeAnothers } from './sessions/begun.js';
import { statusOfFirstPost } from './bot_guard.js';
import { Drafts } from './drafts.js';
import { giveBack, withEvenDraws } from './even_draws.js';
import { Keeping } from './sessions/keeping.js';
import { type Moved, moved, NOWHERE } from './moved.js';
import { browsersAfter, newBrowser, hiddenAnswersOf } from './proofs/walk_browsers.js';
import { isOpen, type Refused, refusalAtDoor, refusalToGoOn, refused } from './pages/refusals.js';
import { sessionOfPost } from './sessions/session_of_post.js';
import { type Session, STATUS } from './sessions/session.js';
import { brandAndSession, lockSession, type RespondentBrand } from './sessions/session_rows.js';
import { Tickets } from './sessions/tickets.js';
import { type Post, type Start, START_PAGE, type Visit, type Way } from './visit.js';
import { expiryOf, firstState, inChosenLanguage, outcome, turned, withAnswerOfAddress } from './walks.js';

/** What to draw: where a walk stands, with what was wrong if something was. */
export interface Standing {
  kind: 'standing';
  brand: RespondentBrand;
  door: SurveyDoor;
  definition: SurveyDefinition;
  state: WalkState;
  /** Undefined before the first submit. */
  session: Session | undefined;
  start: Start;
  /** The first page depends on a draw that only a post may make: a page with a button stands before it. */
  isBeforeStart: boolean;
  drawn: { entered?: Fields; errors?: FieldError[]; asked?: string[] };
  /** What came from other browsers and is not shown in this one. */
  hiddenAnswers?: HiddenAnswers | undefined;
  /** Where nothing may be told of a walk but that it has ended. */
  end?: EndView;
}

interface Turn {
  unit: Unit;
  visit: Visit;
  post: Post;
  door: SurveyDoor;
}

/**
 * The walk of one respondent. Looking changes nothing, because mail scanners look too; a post is one transaction that
 * locks the session, takes the page, and writes the response when the walk is over.
 */
@Injectable()
export class Walking {
  constructor(
    private readonly database: Database,
    private readonly surveys: SurveysService,
    private readonly drafts: Drafts,
    private readonly tickets: Tickets,
    private readonly keeping: Keeping,
  ) {}

  /** @param sessionId the session that the address names; without it the link's own or the cookie's */
  look(visit: Visit, sessionId?: string): Promise<Standing | Begun | Refused> {
    return this.database.inBrand(visit.way.brandId, async (unit) => {
      const door = await this.surveys.doorOfIn(unit, visit.way.brandId, visit.way.surveyId, visit.now);
      const { brand, session: found } = await brandAndSession(unit, visit.way, sessionId ?? visit.kept);
      const session = this.keeping.opened(visit.way.brandId, found);
      const seen = this.seen(visit, door, session, sessionId !== undefined);
      const isUsed = seen?.state === 'finished' && sessionId === undefined;
      const refusal = isUsed ? refused('used') : refusalToLook(visit, door, seen);
      if (refusal !== undefined) {
        return { ...refusal, brand };
      }
      return seen !== undefined && sessionId === undefined && mayBeAnothers(visit)
        ? begunHere(visit, door, brand, seen)
        : this.standing(unit, visit, door, { brand, session: seen });
    });
  }

  turn(visit: Visit, post: Post): Promise<Standing | Moved | Refused> {
    return this.database.inBrand(visit.way.brandId, async (unit) => {
      const door = await this.surveys.doorOfIn(unit, visit.way.brandId, visit.way.surveyId, visit.now);
      const turn = { unit, visit, post, door };
      if (forgets(visit, post)) {
        return refusalAtDoor(visit, door) === undefined ? { ...NOWHERE, keepsCookie: false } : NOWHERE;
      }
      const found = await sessionOfPost(unit, visit, post, door, this.keeping);
      const session = this.keeping.opened(visit.way.brandId, found);
      const result = await (session === undefined ? this.begin(turn) : this.goOn(turn, session));
      return result.kind === 'refused'
        ? { ...result, brand: (await brandAndSession(unit, visit.way, undefined)).brand }
        : result;
    });
  }

  /** The open link may be used again and again, so a finished walk of this browser counts only where one is allowed. */
  private seen(visit: Visit, door: SurveyDoor, session: Session | undefined, isNamed: boolean): Session | undefined {
    const startsAnew = visit.query['restart'] !== undefined && visit.way.entry.isTrial;
    const isPast = session !== undefined && !isOpen(session, visit.now) && visit.way.entry.walk === 'ofBrowser';
    const counts = isNamed || door.survey.options['preventMultiple'] === true || !isPast;
    return startsAnew || !counts ? undefined : session;
  }

  private async standing(
    unit: Unit,
    visit: Visit,
    door: SurveyDoor,
    { brand, session }: { brand: RespondentBrand; session: Session | undefined },
  ): Promise<Standing> {
    const definition = await this.definition(unit, visit, session?.versionId ?? door.versionId);
    const start = this.tickets.newStart(visit.way, visit.now, isAnonymized(door.survey.options));
    const isGone = session !== undefined && isForgotten(session);
    const hiddenAnswers = hiddenAnswersOf(visit, door.survey.options, session);
    const walk =
      session === undefined || isGone
        ? withAnswerOfAddress(definition, firstState(definition, visit, start), visit)
        : resumed(definition, session.walk, hiddenAnswers);
    const state = inChosenLanguage(definition, walk, visit);
    return {
      kind: 'standing',
      brand,
      door,
      definition,
      state,
      start,
      isBeforeStart: session === undefined && dependsOnDraws(definition, state),
      drawn: {},
      hiddenAnswers,
      session,
      ...(isGone ? { end: USUAL_END } : {}),
    };
  }

  private async begin(turn: Turn): Promise<Standing | Moved | Refused> {
    const { unit, visit, post, door } = turn;
    const refusal = refusalAtDoor(visit, door);
    if (refusal !== undefined) {
      return refusal;
    }
    const definition = await this.definition(unit, visit, door.versionId);
    const start = post.start ?? this.tickets.newStart(visit.way, visit.now, isAnonymized(door.survey.options));
    const isCounted = statusOfFirstPost(visit, door, post) === STATUS.normal;
    const state = firstState(definition, visit, start, isCounted);
    if (post.fields['page'] === START_PAGE) {
      return dependsOnDraws(definition, firstState(definition, visit, start))
        ? this.write(
            turn,
            start,
            definition,
            withAnswerOfAddress(definition, await this.drawn(turn, definition, state), visit),
          )
        : NOWHERE;
    }
    const taken = turned(definition, state, post);
    if (taken.kind === 'invalid') {
      const { brand } = await brandAndSession(unit, visit.way, undefined);
      const drawn = { drawn: taken, isBeforeStart: false };
      return { kind: 'standing', brand, door, definition, state, start, session: undefined, ...drawn };
    }
    return taken.kind === 'stale' || taken.state.passed === 0
      ? NOWHERE
      : this.write(turn, start, definition, await this.afterFirst(turn, definition, state));
  }

  /** The first page is taken only if the draws leave it as it was shown; else the walk begins before it. */
  private async afterFirst(turn: Turn, definition: SurveyDefinition, state: WalkState): Promise<WalkState> {
    const begun = await this.drawn(turn, definition, state);
    const isSame = begun === state || isSamePage(definition, state, begun);
    const taken = isSame ? turned(definition, begun, turn.post) : undefined;
    return taken?.kind === 'moved' ? this.drawn(turn, definition, taken.state) : begun;
  }

  private drawn({ unit, visit }: Turn, definition: SurveyDefinition, state: WalkState): Promise<WalkState> {
    return withEvenDraws(unit, visit.way, definition, state);
  }

  /** The first page that was taken makes the session; whoever comes second with the same start finds it. */
  private async write(
    turn: Turn,
    start: Start,
    definition: SurveyDefinition,
    walk: WalkState,
  ): Promise<Moved | Refused> {
    const { unit, visit, post, door } = turn;
    const { way, now, device, address } = visit;
    const { isTrial, walk: whose } = way.entry;
    const expiresAt = expiryOf(door.survey.options, now, isTrial);
    const isAnonymous = !isTrial && isAnonymized(door.survey.options);
    const { progress, leaving } = outcome(definition, walk, door.survey.options, {
      address,
      hasLink: way.link !== undefined,
      isAnonymous,
    });
    const fresh = {
      way,
      address,
      device: device.kind,
      status: statusOfFirstPost(visit, door, post),
      versionId: isTrial ? undefined : door.versionId,
      ...way.entry.channel(visit.query, way.link),
      startKey: start.key,
      startedAt: earlier(start.at, now),
      isAnonymous,
      browsers: whose === 'ofLink' ? { first: visit.browser ?? post.browser ?? newBrowser() } : undefined,
    };
    const isOver = leaving.state === 'finished';
    const left = isTrial ? { ...leaving, state: 'open' as const } : leaving;
    const id = await this.keeping.start(unit, fresh, { walk, progress, now, expiresAt, leaving: left });
    if (id === undefined) {
      await giveBack(unit, way.surveyId, [{ walk }]);
      const other = this.keeping.opened(way.brandId, await lockSession(unit, way, nameOf(way, start)));
      return other === undefined
        ? NOWHERE
        : this.goOn(turn, other).then((result) => (result.kind === 'standing' ? moved(turn, other, false) : result));
    }
    this.tell(turn);
    return moved(turn, { id, expiresAt, browsers: fresh.browsers }, isOver, fresh.browsers?.first);
  }

  private async goOn(turn: Turn, session: Session): Promise<Standing | Moved | Refused> {
    const { unit, visit, post, door } = turn;
    const refusal = refusalToGoOn(visit, door, session);
    if (refusal !== undefined) {
      return refusal;
    }
    if (session.state !== 'open') {
      return moved(turn, session, true);
    }
    const definition = await this.definition(unit, visit, session.versionId);
    const hiddenAnswers = hiddenAnswersOf(visit, door.survey.options, session);
    const state = inChosenLanguage(definition, resumed(definition, session.walk, hiddenAnswers), visit);
    if (post.fields['go'] === 'back' && !mayReturn(definition, state, hiddenAnswers)) {
      return moved(turn, session, false);
    }
    const taken = turned(definition, state, post);
    if (taken.kind === 'invalid') {
      const { brand } = await brandAndSession(unit, visit.way, undefined);
      const start = this.tickets.newStart(visit.way, visit.now, isAnonymized(door.survey.options));
      const drawn = { drawn: taken, isBeforeStart: false, hiddenAnswers };
      return { kind: 'standing', brand, door, definition, state, start, session, ...drawn };
    }
    return taken.kind === 'stale'
      ? moved(turn, session, false)
      : this.keep(turn, session, definition, await this.drawn(turn, definition, taken.state));
  }

  private async keep(turn: Turn, session: Session, definition: SurveyDefinition, walk: WalkState): Promise<Moved> {
    const { unit, visit, post, door } = turn;
    const { now, way, address } = visit;
    const { isTrial, walk: whose } = way.entry;
    const browser = whose === 'ofLink' ? (visit.browser ?? post.browser ?? newBrowser()) : undefined;
    const browsers = browser && browsersAfter(session.browsers, session.walk, walk, browser);
    const expiresAt = expiryOf(door.survey.options, now, isTrial);
    const isAnonymous = !isTrial && (session.isAnonymous || isAnonymized(door.survey.options));
    const { hasLink } = session;
    const { progress, leaving } = outcome(definition, walk, door.survey.options, { hasLink, address, isAnonymous });
    const isOver = leaving.state === 'finished';
    const step = { walk, progress, now, expiresAt, leaving };
    const kept = { ...session, isAnonymous, browsers: browsers || undefined };
    if (isOver && !isTrial) {
      await this.keeping.close(unit, way.brandId, kept, step);
      this.tell(turn);
    } else {
      await this.keeping.keep(unit, way.brandId, kept, step);
    }
    return moved(turn, { ...kept, expiresAt }, isOver, browser);
  }

  private tell({ unit, visit: { way } }: Turn): void {
    if (!way.entry.isTrial) {
      unit.changed(`survey:${way.surveyId}`);
    }
  }

  private definition(unit: Unit, { way }: Visit, versionId: string | undefined): Promise<SurveyDefinition> {
    return way.entry.isTrial || versionId === undefined
      ? this.drafts.of(unit, way.surveyId)
      : this.surveys.definitionOfIn(unit, way.brandId, versionId);
  }
}

function refusalToLook(visit: Visit, door: SurveyDoor, session: Session | undefined): Refused | undefined {
  return session === undefined ? refusalAtDoor(visit, door) : refusalToGoOn(visit, door, session);
}

/** The session that was there first: a person's own link has one, and may know of no start. */
function nameOf(way: Way, start: Start): { link?: string | undefined; start?: string } {
  return way.entry.walk === 'ofLink' ? { link: way.link?.id } : { start: start.key };
}

const USUAL_END: EndView = { kind: 'end', progress: 100, ending: 'default', flags: [] };

/** A clock that ran backwards, or a start from another process, makes no negative duration. */
function earlier(left: Date, right: Date): Date {
  return left < right ? left : right;
}
