import { Injectable } from '@nestjs/common';
import type { Actor } from '../platform/auth/actor.js';
import { Ids } from '../platform/ids.js';
import { addresses } from '../platform/web/addresses.js';
import { Views } from '../platform/web/views.js';
import { MethodsService } from '../surveys/methods.service.js';
import { SurveysService } from '../surveys/surveys.service.js';
import { SummariesService } from './summaries.service.js';
import { figuresModel, type Looking } from './summary.views.js';

/** What the pages of the summary show. */
@Injectable()
export class SummaryPages {
  constructor(
    private readonly summaries: SummariesService,
    private readonly surveys: SurveysService,
    private readonly methods: MethodsService,
    private readonly views: Views,
    private readonly ids: Ids,
  ) {}

  /** The summary, or before anything was distributed or answered the choice of a method. */
  async show(actor: Actor, surveyId: string): Promise<{ view: string; model: object }> {
    const { survey, stake } = await this.surveys.mustFind(actor, surveyId, 'distributions:access');
    const frame = {
      title: `${this.views.words.t('summaries.title')} · ${survey.name}`,
      crumbs: [
        { href: addresses.surveys.list(), text: this.views.words.t('shared.nav.surveys') },
        { text: survey.name },
      ],
      ...(await this.surveys.distributionsFrame(actor, survey, stake, 'summary')),
    };
    if (!(await this.summaries.hasBegun(actor, surveyId))) {
      return { view: 'summaries/methods', model: { ...frame, methods: this.methods.choices(actor, surveyId, stake) } };
    }
    return { view: 'summaries/show', model: { ...frame, ...(await this.figures(actor, surveyId)) } };
  }

  async figures(actor: Actor, surveyId: string): Promise<object> {
    const figures = await this.summaries.figures(actor, surveyId);
    const shown = this.ids.show('SV', surveyId);
    return {
      liveUrl: addresses.live.survey(shown),
      figuresUrl: addresses.distributions.figures(shown),
      ...figuresModel(figures, this.looking(actor, shown, figures.at)),
    };
  }

  private looking(actor: Actor, shown: string, now: Date): Looking {
    const emailUrl = (id: string): string => addresses.mails.page(shown, this.ids.show('EMD', id));
    const emailsUrl = addresses.mails.list(shown);
    return { words: this.views.words, actor, now, emailsUrl, emailUrl };
  }
}
