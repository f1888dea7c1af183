import { Injectable } from '@nestjs/common';
import { AuditService } from '../../brands/audit.service.js';
import type { Actor } from '../../platform/auth/actor.js';
import type { AuditAction } from '../../platform/auth/audit_actions.js';
import { Clock } from '../../platform/clock.js';
import { Database, type Unit } from '../../platform/db/database.js';
import { Invalid, NotAllowed } from '../../platform/errors.js';
import { Events } from '../../platform/events.js';
import { parseDefinition } from '../../engine/definition.js';
import { warningsOf } from '../../engine/warnings.js';
import { mustFit } from '../../qsf/sizes.js';
import { stakedSurvey } from '../stakes.js';
import { asksForProof, type PauseChoice, type Survey } from '../survey.entity.js';
import { SurveyVersion } from '../survey_version.entity.js';
import { SurveyStageChanged } from '../surveys.events.js';

/** How a survey is paused: what happens to people in the middle, and what latecomers read. */
export interface Pause {
  people: PauseChoice;
  /** Plain text; empty for the usual words. */
  message: string;
}

/** From when until when people may start; a side that is undefined stays as it is, null opens it. */
export interface Window {
  from?: Date | null | undefined;
  until?: Date | null | undefined;
}

/** Takes surveys from stage to stage: one transaction each, written down, told to open pages and to other modules. */
@Injectable()
export class SurveyStages {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly audit: AuditService,
    private readonly events: Events,
  ) {}

  async publish(actor: Actor, id: string): Promise<Survey> {
    return this.database.inBrand(actor.brandId, async (unit) => {
      const survey = await this.toPublish(unit, actor, id);
      await this.publishDraft(unit, actor, survey);
      unit.changed(`survey:${survey.id}`);
      return survey;
    });
  }

  /** Opens the survey; publishes the draft first where nothing is published yet. */
  activate(actor: Actor, id: string): Promise<Survey> {
    return this.database.inBrand(actor.brandId, (unit) => this.activateIn(unit, actor, id));
  }

  /** As `activate`, in a unit that is open. */
  async activateIn(unit: Unit, actor: Actor, id: string): Promise<Survey> {
    const survey = await this.toPublish(unit, actor, id);
    if (!survey.isPublished) {
      await this.publishDraft(unit, actor, survey);
    }
    survey.activate(this.clock.now());
    await this.stageChanged(unit, actor, survey, 'survey.activate');
    return survey;
  }

  pause(actor: Actor, id: string, pause: Pause): Promise<Survey> {
    return this.database.inBrand(actor.brandId, (unit) => this.pauseIn(unit, actor, id, pause));
  }

  /** As `pause`, in a unit that is open. */
  async pauseIn(unit: Unit, actor: Actor, id: string, pause: Pause): Promise<Survey> {
    const survey = await this.toMove(unit, actor, id);
    survey.pause(pause, this.clock.now());
    await this.stageChanged(unit, actor, survey, 'survey.pause', { people: pause.people });
    return survey;
  }

  resume(actor: Actor, id: string): Promise<Survey> {
    return this.database.inBrand(actor.brandId, (unit) => this.resumeIn(unit, actor, id));
  }

  /** As `resume`, in a unit that is open. */
  async resumeIn(unit: Unit, actor: Actor, id: string): Promise<Survey> {
    const survey = await this.toMove(unit, actor, id);
    survey.resume(this.clock.now());
    await this.stageChanged(unit, actor, survey, 'survey.resume');
    return survey;
  }

  /** Opens or pauses the survey from whatever stage it is in; where it is so already nothing happens. */
  async turn(unit: Unit, actor: Actor, id: string, isOn: boolean): Promise<void> {
    const survey = await this.toMove(unit, actor, id);
    if (isOn && survey.stage === 'active') {
      survey.mustNotBeOver(this.clock.now());
    } else if (isOn) {
      await (survey.stage === 'paused' ? this.resumeIn(unit, actor, id) : this.activateIn(unit, actor, id));
    } else if (survey.stage === 'active') {
      await this.pauseIn(unit, actor, id, { people: 'finish', message: survey.inactiveMessage });
    }
  }

  /** Sets the window in which people may start; a side that is undefined stays as it is, null opens it. */
  async limit(unit: Unit, actor: Actor, id: string, window: Window): Promise<Survey> {
    const survey = await this.toMove(unit, actor, id);
    const before = { from: survey.availableFrom, until: survey.availableUntil };
    const { from = before.from, until = before.until } = window;
    survey.limitTo(from, until, this.clock.now());
    await this.audit.record(unit, actor, 'survey.availability', `survey ${id}`, { before, after: { from, until } });
    unit.changed(`survey:${survey.id}`);
    return survey;
  }

  async guardAgainstBots(actor: Actor, id: string, isOn: boolean): Promise<void> {
    await this.database.inBrand(actor.brandId, async (unit) => {
      const { survey } = await stakedSurvey(unit, actor, id, { permission: 'surveys:edit', toChange: true });
      const before = { botGuard: survey.options['botGuard'] === true };
      survey.guardAgainstBots(isOn, this.clock.now());
      await this.audit.record(unit, actor, 'survey.options', `survey ${id}`, { before, after: { botGuard: isOn } });
      unit.changed(`survey:${survey.id}`);
    });
  }

  async askForProof(actor: Actor, id: string, isOn: boolean): Promise<void> {
    await this.database.inBrand(actor.brandId, async (unit) => {
      const { survey } = await stakedSurvey(unit, actor, id, { permission: 'surveys:edit', toChange: true });
      const before = { askForProof: asksForProof(survey.options) };
      survey.askForProof(isOn, this.clock.now());
      await this.audit.record(unit, actor, 'survey.options', `survey ${id}`, { before, after: { askForProof: isOn } });
      unit.changed(`survey:${survey.id}`);
    });
  }

  /** Deletes the survey for everybody; its owner and brand administrators may. Responses stay in the database. */
  async remove(actor: Actor, id: string): Promise<void> {
    await this.database.inBrand(actor.brandId, async (unit) => {
      const { survey, stake } = await stakedSurvey(unit, actor, id, { permission: 'surveys:edit', toChange: true });
      if (stake.ownerId !== actor.userId && !actor.permissions.has('brand:admin')) {
        throw new NotAllowed('Only its owner may delete a survey.', `Ask ${stake.ownerName}, who owns the survey.`);
      }
      const { name, stage } = survey;
      survey.remove(this.clock.now());
      await this.audit.record(unit, actor, 'survey.delete', `survey ${id}`, { before: { name, stage } });
      this.events.tell(new SurveyStageChanged(survey.brandId, survey.id, survey.stage));
      unit.changed(`survey:${survey.id}`);
    });
  }

  private async toMove(unit: Unit, actor: Actor, id: string): Promise<Survey> {
    return (await stakedSurvey(unit, actor, id, { permission: 'surveys:activate', toChange: true })).survey;
  }

  private async toPublish(unit: Unit, actor: Actor, id: string): Promise<Survey> {
    const needs = { permission: 'surveys:activate', toChange: true, withDraft: true } as const;
    return (await stakedSurvey(unit, actor, id, needs)).survey;
  }

  private async publishDraft(unit: Unit, actor: Actor, survey: Survey): Promise<void> {
    const definition = parseDefinition(survey.draft);
    mustFit(definition);
    if (warningsOf(definition).some((warning) => warning.code === 'noQuestions')) {
      throw new Invalid('This survey asks nothing yet. Add or import questions before you publish it.');
    }
    const [last] = await unit.sql<{ number: number | null }>(
      'SELECT max(number) AS number FROM survey_versions WHERE survey_id = $1',
      [survey.id],
    );
    const number = (last?.number ?? 0) + 1;
    const { brandId, id: surveyId } = survey;
    const version = unit.em.create(SurveyVersion, {
      brandId,
      surveyId,
      number,
      definition,
      publishedBy: actor.userId,
      publishedAt: this.clock.now(),
    } as SurveyVersion);
    await unit.flush();
    survey.publish(version.id, this.clock.now());
    await this.audit.record(unit, actor, 'survey.publish', `survey ${surveyId}`, { after: { version: number } });
  }

  private async stageChanged(
    unit: Unit,
    actor: Actor,
    survey: Survey,
    action: AuditAction,
    words: object = {},
  ): Promise<void> {
    await this.audit.record(unit, actor, action, `survey ${survey.id}`, { after: { stage: survey.stage, ...words } });
    this.events.tell(new SurveyStageChanged(survey.brandId, survey.id, survey.stage));
    unit.changed(`survey:${survey.id}`);
  }
}
