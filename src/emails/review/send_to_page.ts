import { Injectable } from '@nestjs/common';
import type { Actor } from '../../platform/auth/actor.js';
import { DomainError, NotFound } from '../../platform/errors.js';
import { addresses, asking } from '../../platform/web/addresses.js';
import { Views } from '../../platform/web/views.js';
import { SurveysService } from '../../surveys/surveys.service.js';
import { DistributionWords } from '../../ledger/distribution_words.js';
import { FoundDistributions } from '../../ledger/found_distributions.service.js';
import { Audiences } from '../../audiences/audiences.service.js';

const MOST_SURVEYS = 50;
const TONES = { active: 'done', paused: 'hold', new: 'idle' } as const;

type Listed = Awaited<ReturnType<SurveysService['list']>>[number];

/** Which survey these people get: the surveys that this person may send for, last changed first. */
@Injectable()
export class SendToPage {
  constructor(
    private readonly surveysService: SurveysService,
    private readonly distributions: FoundDistributions,
    private readonly audiences: Audiences,
    private readonly words: DistributionWords,
    private readonly views: Views,
  ) {}

  async surveys(actor: Actor): Promise<Listed[]> {
    const listed = await this.surveysService.list(actor, { size: MOST_SURVEYS });
    const mine = await Promise.all(listed.map(({ id }) => this.maySend(actor, id)));
    return listed.filter((_, place) => mine[place]);
  }

  /** The mail to these people for that survey. */
  composeUrl(surveyId: string, to: string): string {
    return asking(addresses.mails.new(this.words.shownSurvey(surveyId)), { to });
  }

  /** @throws {NotFound} for people whom this person can't choose */
  async show(actor: Actor, to: string, surveys: readonly Listed[]): Promise<object> {
    const audience = await this.nameOf(actor, to);
    if (audience === undefined) {
      throw new NotFound(this.words.say('sendTo.nobody'));
    }
    const { say } = this.words;
    return {
      title: say('sendTo.title', { name: audience }),
      crumbs: [
        { href: addresses.contacts.lists(), text: this.views.words.t('contacts.title') },
        { href: pageOf(to), text: audience },
        { text: say('sendTo.crumb') },
      ],
      head: { title: say('sendTo.title', { name: audience }), lead: say('sendTo.lead') },
      surveys: surveys.map(({ id, name, stage, modifiedAt }) => ({
        name,
        url: this.composeUrl(id, to),
        stage: { tone: TONES[stage], text: say(`sendTo.stage.${stage}`) },
        modified: this.words.when(actor, modifiedAt),
      })),
      empty:
        surveys.length > 0
          ? undefined
          : {
              icon: 'send',
              title: say('sendTo.noSurvey'),
              text: say('sendTo.noSurveyText'),
              action: { href: addresses.surveys.list(), text: say('sendTo.surveys') },
            },
    };
  }

  /** What these people are called; undefined for whom this person cannot choose. */
  private async nameOf(actor: Actor, to: string): Promise<string | undefined> {
    const { audiences } = this;
    const all = [...(await audiences.listOptions(actor)), ...(await audiences.segmentOptions(actor))];
    return (await audiences.personOption(actor, to))?.name ?? all.find(({ shown }) => shown === to)?.name;
  }

  private async maySend(actor: Actor, surveyId: string): Promise<boolean> {
    try {
      await this.distributions.mustMaySend(actor, surveyId);
      return true;
    } catch (error) {
      if (!(error instanceof DomainError)) {
        throw error;
      }
      return false;
    }
  }
}

/** Where these people are looked at. */
function pageOf(to: string): string {
  const { list, segment, page } = addresses.contacts;
  return to.startsWith('CG_') ? list(to) : to.startsWith('SG_') ? segment(to) : page(to);
}
