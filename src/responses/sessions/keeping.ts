import { Injectable } from '@nestjs/common';
import type { Unit } from '../../platform/db/database.js';
import { DoorLimits } from '../../platform/web/admission/door_limits.js';
import type { WalkState } from '../../engine/page.js';
import { AnonymousAnswers } from '../anonymous/anonymous_answers.js';
import type { Leaving, Session, WalkBrowsers, KeptWalk, SealedWalk } from './session.js';
import {
  closeAnonymously,
  closeSession,
  keepSession,
  keepWalk,
  type NewSession,
  startAnonymously,
  startSession,
} from './session_rows.js';
import { forgetAtOf } from './untouched.js';

/** Where a walk stands, and what it leaves if it is over. */
export interface Step {
  walk: WalkState;
  progress: number;
  leaving: Leaving;
  now: Date;
  expiresAt: Date | null;
  /** The last thing that the respondent did; now, unless somebody else closes the walk. */
  activity?: Date;
}

/** Writes walks: as they are, or sealed and apart from their answers where those are anonymous. */
@Injectable()
export class Keeping {
  constructor(
    private readonly anonymous: AnonymousAnswers,
    private readonly limits: DoorLimits,
  ) {}

  /** The session with its walk, whichever way that is stored. */
  opened<S extends Session | undefined>(brandId: string, session: S): S {
    const open = this.anonymous.opened(brandId, session);
    if (open === undefined) {
      return open;
    }
    const { browsers, ...walk } = open.walk as KeptWalk;
    return { ...open, walk, browsers };
  }

  /**
   * A person's own link has one walk and no bound; starts by addresses that many know are counted.
   * @returns the session's number, or undefined when the same start or the same link was there first
   * @throws {LimitReached} for too many starts from one network, or of one survey
   */
  async start(unit: Unit, fresh: NewSession, step: Step): Promise<string | undefined> {
    const { way, address } = fresh;
    if (way.entry.walk === 'ofLink') {
      return this.insert(unit, fresh, step);
    }
    this.limits.takeStart(address, way.surveyId);
    const id = await this.insert(unit, fresh, step);
    if (id === undefined) {
      this.limits.giveStartBack(address, way.surveyId);
    }
    return id;
  }

  private insert(unit: Unit, fresh: NewSession, step: Step): Promise<string | undefined> {
    const { versionId, isAnonymous, way } = fresh;
    const forgetAt = way.entry.forgetsUnanswered ? forgetAtOf(step.walk, step.now) : null;
    if (!isAnonymous || versionId === undefined) {
      return startSession(unit, fresh, { ...step, forgetAt, walk: withBrowsers(step, fresh) }, step.leaving);
    }
    const about = { ...fresh, versionId, surveyId: way.surveyId };
    const held = step.leaving.state === 'open' ? undefined : this.held(way.brandId, about, step);
    return startAnonymously(unit, fresh, { ...step, forgetAt, walk: this.sealed(way.brandId, step, fresh) }, held);
  }

  /** Writes where an open walk stands after a page. */
  async keep(unit: Unit, brandId: string, session: Session, step: Step): Promise<void> {
    const { id, hasLink, versionId } = session;
    const forgetAt = hasLink || versionId === undefined ? null : forgetAtOf(step.walk, step.now);
    await keepSession(unit, id, { ...step, forgetAt, walk: this.stored(brandId, session, step) });
  }

  /** Writes who may see an open walk; where it stands and when it was gone on with stays as it is. */
  async keepBrowsers(unit: Unit, brandId: string, session: Session, browsers: WalkBrowsers): Promise<void> {
    await keepWalk(unit, session.id, this.stored(brandId, { ...session, browsers }, session));
  }

  /** Ends a walk: its response is written with it, or its answers are put by, sealed, where they are anonymous. */
  async close(unit: Unit, brandId: string, session: Session, step: Step): Promise<void> {
    const { versionId, isAnonymous, id } = session;
    const { leaving, now, activity = now } = step;
    if (!isAnonymous || versionId === undefined) {
      await closeSession(unit, id, { ...step, walk: withBrowsers(step, session) }, leaving, activity);
      return;
    }
    const held = this.held(brandId, { ...session, versionId }, step);
    const walk = this.sealed(brandId, step, session);
    await closeAnonymously(unit, id, { walk, now, activity, state: leaving.state }, held);
  }

  private stored(brandId: string, session: Session, step: Pick<Step, 'walk'>): KeptWalk | SealedWalk {
    return session.isAnonymous ? this.sealed(brandId, step, session) : withBrowsers(step, session);
  }

  private sealed(brandId: string, step: Pick<Step, 'walk'>, session: Pick<Session, 'browsers'>): SealedWalk {
    return this.anonymous.sealed(brandId, withBrowsers(step, session));
  }

  private held(
    brandId: string,
    about: Pick<Session, 'surveyId' | 'channel' | 'source' | 'status'> & { versionId: string },
    { progress, now, activity = now, leaving }: Step,
  ): ReturnType<AnonymousAnswers['hold']> {
    const { surveyId, versionId, channel, source, status } = about;
    const closing = { surveyId, versionId, channel, source, status, progress, activity, now };
    return this.anonymous.hold(brandId, closing, leaving);
  }
}

function withBrowsers({ walk }: Pick<Step, 'walk'>, { browsers }: Pick<Session, 'browsers'>): KeptWalk {
  return browsers === undefined ? walk : { ...walk, browsers };
}
