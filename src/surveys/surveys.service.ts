import { Injectable } from '@nestjs/common';
import { mustBeAllowed, type Stake } from '../brands/access.js';
import type { Actor } from '../platform/auth/actor.js';
import type { Permission } from '../platform/auth/permissions.js';
import { Clock } from '../platform/clock.js';
import { Database, type Unit } from '../platform/db/database.js';
import { parseDefinition, type SurveyDefinition } from '../engine/definition.js';
import { plainText } from '../engine/text.js';
import type { PaneName } from './methods.service.js';
import type { ReportEntry } from '../qsf/report.js';
import { PublishedSurveys, type SurveyDoor } from './stages/published_surveys.js';
import { type StakedSurvey, stakedSurvey } from './stakes.js';
import { Survey, surveyName } from './survey.entity.js';
import { type DistributionsFrame, SurveyHeaders, type SurveyHeaderModel, type SurveyTab } from './survey_headers.js';
import { listedSurveys, type ListedSurvey, type SurveyListWish } from './survey_list.js';
import { type Pause, SurveyStages, type Window } from './stages/survey_stages.js';

export type { SurveyHeaderModel, SurveyTab } from './survey_headers.js';
export type { SurveyDoor } from './stages/published_surveys.js';
export type { ListedSurvey, SurveyListWish } from './survey_list.js';
export type { StakedSurvey } from './stakes.js';
export type { Pause } from './stages/survey_stages.js';

export interface NewSurvey {
  name: string;
  definition: SurveyDefinition;
  options?: Record<string, unknown>;
  /** What the import could not take over. */
  report?: ReportEntry[] | null;
  /** The actor where nobody else is named. */
  ownerId?: string;
}

/** A survey as a file was read in a task process: checked, and as JSON, of which nothing is made here. */
export interface ReadSurvey {
  name: string;
  definition: string;
  options: string;
  report: string;
}

const NOBODY = 'There is no such person in this brand.';

/** Changes of a survey; what is undefined stays, a date of null opens that side of the window. */
export interface SurveyChange {
  name?: string | undefined;
  isActive?: boolean | undefined;
  expiration?: { startDate?: Date | null | undefined; endDate?: Date | null | undefined } | undefined;
}

/** Surveys as pages, the API and the other modules know them. */
@Injectable()
export class SurveysService {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly stages: SurveyStages,
    private readonly published: PublishedSurveys,
    private readonly headers: SurveyHeaders,
  ) {}

  /**
   * The survey and what it is to this person, without its draft.
   * @throws {NotFound} when the person has no stake in it, {NotAllowed} when the stake lacks the permission
   */
  mustFind(actor: Actor, id: string, permission?: Permission): Promise<StakedSurvey> {
    return this.database.inBrand(actor.brandId, (unit) => this.mustFindIn(unit, actor, id, permission));
  }

  /** As `mustFind`, in a unit that is open. */
  async mustFindIn(unit: Unit, actor: Actor, id: string, permission?: Permission): Promise<StakedSurvey> {
    return stakedSurvey(unit, actor, id, { permission });
  }

  /** As `mustFind`, with `survey.draft` and `survey.importReport`. */
  async mustFindWithDraft(actor: Actor, id: string, permission?: Permission): Promise<StakedSurvey> {
    return this.database.inBrand(actor.brandId, (unit) =>
      stakedSurvey(unit, actor, id, { permission, withDraft: true }),
    );
  }

  /** Surveys that the person owns or that are shared with them, one more than the size: it says whether there are more. */
  async list(actor: Actor, wish: SurveyListWish): Promise<ListedSurvey[]> {
    return this.database.inBrand(actor.brandId, (unit) => listedSurveys(unit, actor, wish));
  }

  /** Makes a survey in stage new. @throws {Invalid} for a name that is none */
  create(actor: Actor, newSurvey: NewSurvey): Promise<Survey> {
    return this.database.inBrand(actor.brandId, (unit) => this.createIn(unit, actor, newSurvey));
  }

  /** As `create`, in a unit that is open. */
  async createIn(
    unit: Unit,
    actor: Actor,
    { name, definition, options = {}, report = null, ownerId = actor.userId }: NewSurvey,
  ): Promise<Survey> {
    mustBeAllowed(actor, 'surveys:create');
    const now = this.clock.now();
    const draft = parseDefinition(definition);
    const survey = unit.em.create(Survey, {
      brandId: actor.brandId,
      ownerId,
      name: surveyName(name),
      timeZone: actor.timeZone,
      draft,
      options,
      importReport: report,
      inactiveMessage: inactiveMessageOf(options),
      createdAt: now,
      modifiedAt: now,
    } as Survey);
    await unit.flush();
    await this.published.wantPictures(unit, actor.brandId, draft);
    return survey;
  }

  /** A new survey that was read from a file: it is stored as it was read. */
  createRead(actor: Actor, readSurvey: ReadSurvey): Promise<Survey> {
    return this.database.inBrand(actor.brandId, (unit) => this.createReadIn(unit, actor, readSurvey));
  }

  /** As `createRead`, in a unit that is open. */
  async createReadIn(unit: Unit, actor: Actor, { name, definition, options, report }: ReadSurvey): Promise<Survey> {
    mustBeAllowed(actor, 'surveys:create');
    const message = inactiveMessageOf(JSON.parse(options) as Record<string, unknown>);
    const { brandId, userId, timeZone } = actor;
    const { id } = await unit.one<{ id: string }>(
      `INSERT INTO surveys
           (brand_id, owner_id, name, time_zone, draft, options, import_report, inactive_message, created_at, modified_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9) RETURNING id`,
      [brandId, userId, surveyName(name), timeZone, definition, options, report, message, this.clock.now()],
    );
    await this.published.wantPictures(unit, brandId, JSON.parse(definition) as SurveyDefinition);
    return unit.em.findOneOrFail(Survey, { id });
  }

  /**
   * A new survey from another one's draft, without versions, responses, links and shares: the actor's own, or that of
   * somebody else of the brand, which takes an administrator.
   */
  async copy(
    actor: Actor,
    id: string,
    { name, ownerId = actor.userId }: { name?: string | undefined; ownerId?: string | undefined } = {},
  ): Promise<Survey> {
    return this.database.inBrand(actor.brandId, async (unit) => {
      const { survey } = await stakedSurvey(unit, actor, id, { permission: 'surveys:copy', withDraft: true });
      if (ownerId !== actor.userId) {
        await unit.one(`SELECT FROM users WHERE id = $1 AND status <> 'disabled'`, [ownerId], NOBODY);
        mustBeAllowed(actor, 'brand:admin');
      }
      const { draft: definition, options } = survey;
      return this.createIn(unit, actor, {
        name: name ?? `Copy of ${survey.name}`.slice(0, 200),
        definition,
        options,
        ownerId,
      });
    });
  }

  async countShares(brandId: string, surveyId: string): Promise<number> {
    const { n } = await this.database.inBrand(brandId, (unit) =>
      unit.one<{ n: number }>('SELECT count(*)::int AS n FROM survey_shares WHERE survey_id = $1', [surveyId]),
    );
    return n;
  }

  rename(actor: Actor, id: string, name: string): Promise<Survey> {
    return this.database.inBrand(actor.brandId, (unit) => this.renameIn(unit, actor, id, name));
  }

  /** As `rename`, in a unit that is open. */
  async renameIn(unit: Unit, actor: Actor, id: string, name: string): Promise<Survey> {
    const { survey } = await stakedSurvey(unit, actor, id, { permission: 'surveys:edit', toChange: true });
    survey.rename(name, this.clock.now());
    return survey;
  }

  publish(actor: Actor, id: string): Promise<Survey> {
    return this.stages.publish(actor, id);
  }

  activate(actor: Actor, id: string): Promise<Survey> {
    return this.stages.activate(actor, id);
  }

  pause(actor: Actor, id: string, pause: Pause): Promise<Survey> {
    return this.stages.pause(actor, id, pause);
  }

  resume(actor: Actor, id: string): Promise<Survey> {
    return this.stages.resume(actor, id);
  }

  limit(actor: Actor, id: string, window: Window): Promise<Survey> {
    return this.database.inBrand(actor.brandId, (unit) => this.limitIn(unit, actor, id, window));
  }

  /** As `limit`, in a unit that is open. */
  limitIn(unit: Unit, actor: Actor, id: string, window: Window): Promise<Survey> {
    return this.stages.limit(unit, actor, id, window);
  }

  askForProof(actor: Actor, id: string, isOn: boolean): Promise<void> {
    return this.stages.askForProof(actor, id, isOn);
  }

  guardAgainstBots(actor: Actor, id: string, isOn: boolean): Promise<void> {
    return this.stages.guardAgainstBots(actor, id, isOn);
  }

  remove(actor: Actor, id: string): Promise<void> {
    return this.stages.remove(actor, id);
  }

  /**
   * Several changes in one, as programs send them. `isActive: true` activates (publishing first where nothing is
   * published) or resumes, `false` pauses; where that holds already nothing happens.
   */
  async change(actor: Actor, id: string, { name, isActive, expiration }: SurveyChange): Promise<void> {
    await this.database.inBrand(actor.brandId, async (unit) => {
      await stakedSurvey(unit, actor, id);
      if (name !== undefined) {
        await this.renameIn(unit, actor, id, name);
      }
      if (expiration !== undefined) {
        await this.limitIn(unit, actor, id, { from: expiration.startDate, until: expiration.endDate });
      }
      if (isActive !== undefined) {
        await this.stages.turn(unit, actor, id, isActive);
      }
    });
  }

  /** Whether somebody may start now, and with which version. @throws {NotFound} for a deleted survey */
  doorOf(brandId: string, surveyId: string, now: Date): Promise<SurveyDoor> {
    return this.database.inBrand(brandId, (unit) => this.doorOfIn(unit, brandId, surveyId, now));
  }

  /** As `doorOf`, in a unit that is open. */
  doorOfIn(unit: Unit, brandId: string, surveyId: string, now: Date): Promise<SurveyDoor> {
    return this.published.doorOf(unit, brandId, surveyId, now);
  }

  /** A draft as it is drawn: its pictures come from here. */
  shownDefinition(brandId: string, draft: SurveyDefinition): SurveyDefinition {
    return this.published.shown(brandId, draft);
  }

  /** A published version, from memory after the first time; read-only. */
  definitionOf(brandId: string, versionId: string): Promise<SurveyDefinition> {
    return this.published.definitionOf(brandId, versionId);
  }

  /** As `definitionOf`, in a unit that is open. */
  definitionOfIn(unit: Unit, brandId: string, versionId: string): Promise<SurveyDefinition> {
    return this.published.definitionOfIn(unit, brandId, versionId);
  }

  /** The head of every page of a survey, for `shared/_survey_header`. */
  headerFor(actor: Actor, survey: Survey, stake: Stake, tab: SurveyTab): Promise<SurveyHeaderModel> {
    return this.headers.headerFor(actor, survey, stake, tab);
  }

  /** The head and the left pane of every page of the Distributions tab. */
  distributionsFrame(actor: Actor, survey: Survey, stake: Stake, active: PaneName): Promise<DistributionsFrame> {
    return this.headers.distributionsFrame(actor, survey, stake, active);
  }
}

/** The message that an imported file brings along; latecomers read it as plain text. */
function inactiveMessageOf({ inactiveMessage }: Record<string, unknown>): string {
  return typeof inactiveMessage === 'string' ? plainText(inactiveMessage).slice(0, 2000).toWellFormed() : '';
}
