import { Injectable } from '@nestjs/common';
import { may, type Stake } from '../brands/access.js';
import type { Actor } from '../platform/auth/actor.js';
import { Database } from '../platform/db/database.js';
import { Ids } from '../platform/ids.js';
import type { Survey } from '../surveys/survey.entity.js';
import { SurveysService } from '../surveys/surveys.service.js';
import type { Distribution } from './distribution.entity.js';
import { DistributionWords } from './distribution_words.js';
import { DistributionsService } from './distributions.service.js';
import { blockModel, type Shown } from './distributions.views.js';
import { nextTries } from './sending/sending_pace.js';
import type { Tallies } from './tallies.js';

const PAGE = 20;

interface Known {
  distribution: Distribution;
  tallies: Tallies;
}

/** The list of a survey's mails. */
@Injectable()
export class EmailsPage {
  constructor(
    private readonly distributions: DistributionsService,
    private readonly surveys: SurveysService,
    private readonly database: Database,
    private readonly ids: Ids,
    readonly words: DistributionWords,
  ) {}

  /** @param after public id of the last block that was shown */
  async show(actor: Actor, surveyId: string, after: string | undefined): Promise<object> {
    const { survey, stake } = await this.surveys.mustFind(actor, surveyId, 'distributions:access');
    const position = after === undefined ? undefined : this.ids.read('EMD', after);
    const found = await this.distributions.list(actor, surveyId, { size: PAGE, after: position, channel: 'email' });
    const shown = await this.shown(actor, stake, found.slice(0, PAGE));
    const last = shown.at(-1);
    const { say } = this.words;
    const maySend = mayCompose(actor, stake);
    const isEmpty = found.length === 0 && after === undefined;
    return {
      ...(await this.frame(actor, survey, stake)),
      title: `${say('title')} · ${survey.name}`,
      crumbs: this.words.crumbs(survey),
      head: {
        title: say('list.title'),
        lead: say('list.lead'),
        isSection: true,
        actions:
          maySend && !isEmpty
            ? [{ href: this.words.list(surveyId, '/new'), text: say('list.compose'), icon: 'plus', isPrimary: true }]
            : [],
      },
      blocks: shown.map(blockModel),
      olderUrl:
        found.length > PAGE && last !== undefined
          ? this.words.list(surveyId, `?after=${this.words.shown(last.distribution)}`)
          : undefined,
      empty: isEmpty ? this.empty(surveyId, maySend) : undefined,
    };
  }

  /** What all pages of a survey's mails have around them. */
  async frame(actor: Actor, survey: Survey, stake: Stake): Promise<{ header: object; pane: object }> {
    return {
      header: await this.surveys.headerFor(actor, survey, stake, 'distributions'),
      pane: this.surveys.paneFor(actor, survey, stake, 'emails'),
    };
  }

  /** Distributions with all that their parts show. */
  async shown(actor: Actor, stake: Stake, found: Known[]): Promise<Shown[]> {
    const sending = found.filter(({ distribution }) => distribution.status === 'sending');
    const ids = sending.map(({ distribution }) => distribution.id);
    const next = await this.database.inBrand(actor.brandId, (unit) => nextTries(unit, ids, this.words.now()));
    const maySend = mayCompose(actor, stake);
    return found.map(({ distribution, tallies }) => ({
      distribution,
      tallies,
      nextTryAt: next.get(distribution.id),
      actor,
      maySend,
      words: this.words,
    }));
  }

  private empty(surveyId: string, maySend: boolean): object {
    const { say } = this.words;
    const title = say('list.emptyTitle');
    return maySend
      ? {
          icon: 'mail',
          title,
          text: say('list.emptyText'),
          action: { href: this.words.list(surveyId, '/new'), text: say('list.compose'), icon: 'plus' },
        }
      : { icon: 'mail', title, text: say('list.emptyAlone') };
  }
}

/** Whether this person may write and send mails for the survey. */
export function mayCompose(actor: Actor, stake: Stake): boolean {
  return may(actor, 'distributions:send', stake) && may(actor, 'mailer:access', stake);
}
