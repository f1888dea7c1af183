import { Injectable } from '@nestjs/common';
import { may, type Stake } from '../brands/access.js';
import type { Actor } from '../platform/auth/actor.js';
import { Clock } from '../platform/clock.js';
import { Database } from '../platform/db/database.js';
import { Ids } from '../platform/ids.js';
import { addresses } from '../platform/web/addresses.js';
import { exactTime } from '../platform/web/moments.js';
import { Views } from '../platform/web/views.js';
import type { Say } from '../platform/web/words.js';
import type { Survey } from './survey.entity.js';
import { type DistributionsPane, MethodsService, type PaneName } from './methods.service.js';
import { stagePill, type Pill } from './stages/stage_pill.js';
import { countWords, NOBODY_INSIDE, type UnfinishedWalks, unfinishedWalks } from './stages/unfinished_walks.js';

export type SurveyTab = 'outline' | 'distributions' | 'responses';

interface Link {
  href: string;
  text: string;
  icon: string;
  isCurrent: boolean;
}

/** What `shared/_survey_header` shows. */
export interface SurveyHeaderModel {
  id: string;
  name: string;
  stage: Pill;
  facts: string[];
  pause?: { url: string };
  resume?: { url: string };
  activate?: { url: string };
  tabs: Link[];
}

/** `shared/_survey_header` and `shared/_distributions_pane`. */
export interface DistributionsFrame {
  header: SurveyHeaderModel;
  pane: DistributionsPane;
}

/** The head that all pages of a survey share; what a person may not do is not there. */
@Injectable()
export class SurveyHeaders {
  private readonly say: Say;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly ids: Ids,
    private readonly methods: MethodsService,
    views: Views,
  ) {
    this.say = views.wordsOf('surveys');
  }

  async headerFor(actor: Actor, survey: Survey, stake: Stake, tab: SurveyTab): Promise<SurveyHeaderModel> {
    const id = this.ids.show('SV', survey.id);
    const now = this.clock.now();
    return {
      id,
      name: survey.name,
      stage: stagePill(this.say, survey, now),
      facts: await this.facts(actor, survey, now),
      ...(may(actor, 'surveys:activate', stake) ? nextStage(survey, id, now) : {}),
      tabs: this.tabs(actor, stake, id, tab),
    };
  }

  /** What all pages of the Distributions tab have around them. */
  async distributionsFrame(actor: Actor, survey: Survey, stake: Stake, active: PaneName): Promise<DistributionsFrame> {
    return {
      header: await this.headerFor(actor, survey, stake, 'distributions'),
      pane: await this.methods.pane(actor, survey, stake, active),
    };
  }

  /** People in the middle of the survey, as of now. */
  async unfinished({ brandId, id, stage }: Survey): Promise<UnfinishedWalks> {
    return stage === 'new'
      ? NOBODY_INSIDE
      : this.database.inBrand(brandId, (unit) => unfinishedWalks(unit, id, this.clock.now()));
  }

  private async facts(actor: Actor, survey: Survey, now: Date): Promise<string[]> {
    const { active, unfinished } = await this.unfinished(survey);
    const { availableFrom, availableUntil } = survey;
    const facts = [
      active > 0 ? this.say('facts.active', { count: active, shown: countWords(active) }) : '',
      unfinished > 0 ? this.say('facts.unfinished', { count: unfinished, shown: countWords(unfinished) }) : '',
    ];
    if (availableFrom !== null && availableFrom > now) {
      facts.push(this.say('facts.opens', { time: exactTime(availableFrom, actor.timeZone) }));
    }
    if (availableUntil !== null) {
      const key = availableUntil > now ? 'facts.closes' : 'facts.closed';
      facts.push(this.say(key, { time: exactTime(availableUntil, actor.timeZone) }));
    }
    if (survey.isPublished && survey.hasUnpublishedChanges) {
      facts.push(this.say('facts.unpublished'));
    }
    return facts.filter((fact) => fact !== '');
  }

  private tabs(actor: Actor, stake: Stake, survey: string, current: SurveyTab): Link[] {
    const tab = (name: SurveyTab, icon: string, href: string): Link => ({
      href,
      icon,
      text: this.say(`tabs.${name}`),
      isCurrent: name === current,
    });
    return [
      tab('outline', 'outline', addresses.surveys.page(survey)),
      ...(may(actor, 'distributions:access', stake)
        ? [tab('distributions', 'send', addresses.distributions.summary(survey))]
        : []),
      ...(may(actor, 'responses:export', stake)
        ? [tab('responses', 'responses', addresses.responses.list(survey))]
        : []),
    ];
  }
}

function nextStage(survey: Survey, id: string, now: Date): Pick<SurveyHeaderModel, 'pause' | 'resume' | 'activate'> {
  if (survey.stage === 'active') {
    return survey.doorAt(now) === 'closed' ? {} : { pause: { url: addresses.surveys.pause(id) } };
  }
  return survey.stage === 'paused'
    ? { resume: { url: addresses.surveys.resume(id) } }
    : { activate: { url: addresses.surveys.activate(id) } };
}
