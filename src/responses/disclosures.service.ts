import { Injectable } from '@nestjs/common';
import { may, type Stake } from '../brands/access.js';
import type { Actor } from '../platform/auth/actor.js';
import type { Permission } from '../platform/auth/permissions.js';
import type { Unit } from '../platform/db/database.js';
import { Ids } from '../platform/ids.js';
import type { SurveyDefinition } from '../engine/definition.js';
import { isAnonymized, type Survey } from '../surveys/survey.entity.js';
import { SurveysService } from '../surveys/surveys.service.js';
import { fieldsOfPeople } from './personal_fields.js';

/** A response with what would say whose it is. */
interface Told {
  versionId: string;
  /** Came by a link that was made for one contact. */
  hasLink: boolean;
  person: object;
  embedded: Record<string, string>;
  /** What chance drew is in it: the same for whoever looks at the person's own link beforehand. */
  walk?: object | null | undefined;
}

/** What a person did with a link, beside the numbers of the walk and its response. */
interface Participation {
  responseId: string | null;
  sessionId: string | null;
  /** How exactly the times below are told. */
  exactness?: Exactness;
  openedAt: Date | null;
  startedAt: Date | null;
  partialAt: Date | null;
  finishedAt: Date | null;
  screenedOutAt: Date | null;
  quotaFullAt: Date | null;
  sessionExpiredAt: Date | null;
}

/** How exactly the times of people are told; a word of PostgreSQL's `date_trunc`. */
export type Exactness = 'second' | 'day';

/** Stands for the number of a response that belongs to nobody. */
const ANONYMOUS = 'Anonymous';
const DAY_MS = 86_400_000;

/**
 * What one reader may have of the responses of one survey and of the people who were asked. Answers and people leave
 * together only where the survey is not anonymous and the reader may see who answered. Else neither a number nor a time
 * leads from one to the other: people's times are told to the day, in UTC, and whoever came to an end has finished.
 */
export class Disclosure {
  constructor(
    private readonly ids: Ids,
    private readonly reader: { seePeople: boolean; isAnonymous: boolean },
    private readonly definitionOf: (versionId: string) => Promise<SurveyDefinition>,
  ) {}

  /** Whether names, addresses and numbers stand beside answers. */
  get showsPeople(): boolean {
    return this.reader.seePeople && !this.reader.isAnonymous;
  }

  get exactness(): Exactness {
    return this.showsPeople ? 'second' : 'day';
  }

  /** Responses as this reader may have them. */
  async responses<R extends Told>(rows: R[]): Promise<R[]> {
    return this.showsPeople ? rows : Promise.all(rows.map((row) => this.withoutPerson(row)));
  }

  /** What people did, as this reader may have it: ids as they are shown, *Anonymous* for a response that is nobody's. */
  participation<P extends Participation>(row: P): P {
    const { responseId, sessionId, partialAt } = row;
    const endedAt = endOf(row);
    const hasAnswered = partialAt !== null || endedAt !== null;
    // Also where the survey was anonymous when they answered, and is not any more: the ledger knows no response of theirs.
    const isAnonymous = hasAnswered && (this.reader.isAnonymous || responseId === null);
    if (this.showsPeople && !isAnonymous) {
      return {
        ...row,
        responseId: responseId === null ? null : this.ids.show('R', responseId),
        sessionId: sessionId === null ? null : this.ids.show('FS', sessionId),
      };
    }
    return {
      ...row,
      exactness: 'day',
      responseId: isAnonymous ? ANONYMOUS : null,
      sessionId: null,
      openedAt: toTheDay(row.openedAt),
      startedAt: toTheDay(row.startedAt),
      partialAt: toTheDay(partialAt),
      // How somebody ended says what they answered.
      finishedAt: toTheDay(endedAt),
      screenedOutAt: null,
      quotaFullAt: null,
      sessionExpiredAt: toTheDay(row.sessionExpiredAt),
    };
  }

  /** A time that follows an answer at once, such as that of a thank-you. */
  following(at: Date | null): Date | null {
    return this.showsPeople ? at : toTheDay(at);
  }

  private async withoutPerson<R extends Told>(row: R): Promise<R> {
    const told = row.hasLink ? fieldsOfPeople(await this.definitionOf(row.versionId)) : new Set();
    const embedded = Object.fromEntries(Object.entries(row.embedded).filter(([name]) => !told.has(name)));
    return { ...row, person: {}, embedded, ...(row.hasLink ? { walk: null } : {}) };
  }
}

interface DisclosedSurvey {
  survey: Survey;
  stake: Stake;
  disclosure: Disclosure;
}

/** The one place that decides what may leave of responses beside the people who gave them. Every reader asks here. */
@Injectable()
export class DisclosuresService {
  constructor(
    private readonly surveys: SurveysService,
    private readonly ids: Ids,
  ) {}

  /** The survey, with what the person may have of its responses. @throws as `SurveysService.mustFind` does */
  async mustFind(actor: Actor, surveyId: string, permission?: Permission): Promise<DisclosedSurvey> {
    const found = await this.surveys.mustFind(actor, surveyId, permission);
    return { ...found, disclosure: this.towards(actor, found) };
  }

  /** As `mustFind`, in a unit that is open. */
  async mustFindIn(unit: Unit, actor: Actor, surveyId: string, permission?: Permission): Promise<DisclosedSurvey> {
    const found = await this.surveys.mustFindIn(unit, actor, surveyId, permission);
    return { ...found, disclosure: this.towards(actor, found) };
  }

  towards(actor: Actor, { survey, stake }: { survey: Survey; stake: Stake }): Disclosure {
    const seePeople = may(actor, 'responses:view-personal-data', stake);
    return this.of(survey.brandId, { seePeople, isAnonymous: isAnonymized(survey.options) });
  }

  /** For work that goes on without the person who asked for it. */
  of(brandId: string, allowed: { seePeople: boolean; isAnonymous: boolean }): Disclosure {
    return new Disclosure(this.ids, allowed, (versionId) => this.surveys.definitionOf(brandId, versionId));
  }
}

/** When somebody came to an end of the survey, whichever it was. */
function endOf({ finishedAt, screenedOutAt, quotaFullAt }: Participation): Date | null {
  return finishedAt ?? screenedOutAt ?? quotaFullAt;
}

function toTheDay(at: Date | null): Date | null {
  return at === null ? null : new Date(Math.floor(at.getTime() / DAY_MS) * DAY_MS);
}
