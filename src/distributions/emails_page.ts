import { Injectable } from '@nestjs/common';
import { may, type Stake } from '../brands/access.js';
import type { Actor } from '../platform/auth/actor.js';
import { Database, type Unit } from '../platform/db/database.js';
import { NotFound } from '../platform/errors.js';
import { isAnonymized, type Survey } from '../surveys/survey.entity.js';
import { SurveysService } from '../surveys/surveys.service.js';
import { addresses, asking } from '../platform/web/addresses.js';
import type { Distribution } from '../ledger/distribution.entity.js';
import { DistributionWords } from '../ledger/distribution_words.js';
import { FoundDistributions, type FoundDistribution } from '../ledger/found_distributions.service.js';
import { blockModel, pollOf } from './distributions.views.js';
import { familiesIn } from './follow_ups/families.js';
import { LIST_VIEWS, ListView, type ListViewName } from './list_view.js';
import { holidaysOf } from '../planning/timing.sql.js';
import { opensAgainAt } from '../planning/timing.js';
import { allowances, limitingDivision } from '../limits/weekly_buckets.sql.js';
import { nextTries } from '../sending/sending_pace.js';
import type { Shown } from './shown_distribution.js';
import type { Tallies } from '../ledger/tallies.js';

const PAGE = 20;

/** Which mail of which survey, as public ids of the address. */
export interface EmailAddress {
  id: string;
  email: string;
}

interface Known {
  distribution: Distribution;
  tallies: Tallies;
}

/** The list of a survey's mails. */
@Injectable()
export class EmailsPage {
  constructor(
    private readonly distributions: FoundDistributions,
    private readonly surveys: SurveysService,
    private readonly database: Database,
    readonly words: DistributionWords,
    private readonly view: ListView,
  ) {}

  /** @throws {NotFound} also for a distribution of another survey */
  async mustFind(actor: Actor, { id, email }: EmailAddress): Promise<FoundDistribution> {
    const { words } = this;
    const found = await this.distributions.mustFind(actor, words.idOf(email));
    if (found.distribution.surveyId !== words.surveyIdOf(id) || found.distribution.channel !== 'email') {
      throw new NotFound('There is no such mail for this survey.');
    }
    return found;
  }

  /** @param after public id of the last block that was shown */
  async show(actor: Actor, surveyId: string, after: string | undefined): Promise<object> {
    const { survey, stake } = await this.surveys.mustFind(actor, surveyId, 'distributions:access');
    const position = after === undefined ? undefined : this.words.idOf(after);
    const wish = { size: PAGE, after: position, channel: 'email', isNested: true } as const;
    const found = await this.distributions.list(actor, surveyId, wish);
    const parents = found.slice(0, PAGE);
    const followUps = await this.distributions.followUpsOf(
      actor,
      { survey, stake },
      parents.map(({ distribution }) => distribution.id),
    );
    const shown = await this.shown(actor, { survey, stake }, [...parents, ...followUps]);
    const last = parents.at(-1);
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
            ? [
                {
                  href: addresses.mails.new(this.words.shownSurvey(surveyId)),
                  text: say('list.compose'),
                  icon: 'plus',
                  isPrimary: true,
                },
              ]
            : [],
      },
      liveUrl: shown.some((one) => pollOf(one) !== undefined)
        ? addresses.live.distributions(this.words.shownSurvey(surveyId))
        : undefined,
      families: familiesOf(shown),
      view: isEmpty ? undefined : await this.viewModel(actor, surveyId),
      olderUrl:
        found.length > PAGE && last !== undefined
          ? asking(addresses.mails.list(this.words.shownSurvey(surveyId)), {
              after: this.words.shown(last.distribution),
            })
          : undefined,
      empty: isEmpty ? this.empty(surveyId, maySend) : undefined,
    };
  }

  async chooseView(actor: Actor, surveyId: string, view: ListViewName): Promise<void> {
    await this.surveys.mustFind(actor, surveyId, 'distributions:access');
    await this.view.choose(actor, view);
  }

  private async viewModel(actor: Actor, surveyId: string): Promise<object> {
    const current = await this.view.of(actor);
    return {
      url: addresses.mails.viewChoice(this.words.shownSurvey(surveyId)),
      isCompact: current === 'compact',
      options: LIST_VIEWS.map((name) => ({
        value: name,
        text: this.words.say(`view.${name}`),
        isCurrent: name === current,
      })),
    };
  }

  /** What all pages of a survey's mails have around them. */
  frame(actor: Actor, survey: Survey, stake: Stake): Promise<{ header: object; pane: object }> {
    return this.surveys.distributionsFrame(actor, survey, stake, 'emails');
  }

  /** Distributions of one survey with all that their parts show. */
  async shown(actor: Actor, { survey, stake }: { survey: Survey; stake: Stake }, found: Known[]): Promise<Shown[]> {
    const isAnonymous = isAnonymized(survey.options);
    const sending = found.filter(({ distribution }) => distribution.status === 'sending');
    const ids = sending.map(({ distribution }) => distribution.id);
    const now = this.words.now();
    const { next, room, limiting, holidays, families } = await this.database.inBrand(actor.brandId, async (unit) => ({
      next: await nextTries(unit, ids, now),
      room: await roomFor(unit, found.filter(canStartAgain), now),
      limiting: await limitingDivisions(unit, found, now),
      holidays: sending.some(({ distribution }) => distribution.plan.window !== null)
        ? await holidaysOf(unit, actor.brandId)
        : [],
      families: await familiesIn(
        unit,
        actor.brandId,
        found.map(({ distribution }) => distribution),
      ),
    }));
    const maySend = mayCompose(actor, stake);
    return found.map(({ distribution, tallies }) => ({
      distribution,
      tallies,
      family: families.get(distribution.id),
      nextTryAt: next.get(distribution.id),
      room: room.get(distribution.id),
      limitingDivision: limiting.get(distribution.id),
      opensAt: opensAgainAt(distribution, holidays, now),
      countsOpens: distribution.content?.countsOpens === true && !isAnonymous,
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
          action: {
            href: addresses.mails.new(this.words.shownSurvey(surveyId)),
            text: say('list.compose'),
            icon: 'plus',
          },
        }
      : { icon: 'mail', title, text: say('list.emptyAlone') };
  }
}

/** Whether mails of it can be queued once more, which the weekly limits must have room for. */
function canStartAgain({ distribution, tallies }: Known): boolean {
  return distribution.canRetryFailed && tallies.failed + tallies.undecided > 0;
}

/** How many more mails fit into the weekly limits of whoever pays for each. */
async function roomFor(unit: Unit, found: Known[], now: Date): Promise<Map<string, number>> {
  const room = new Map<string, number>();
  for (const { distribution } of found) {
    const all = await allowances(unit, distribution.payer, now);
    room.set(distribution.id, Math.min(...all.map(({ left }) => left)));
  }
  return room;
}

/** Of those that the weekly limit of a division keeps: which division that is. */
async function limitingDivisions(unit: Unit, found: Known[], now: Date): Promise<Map<string, string | undefined>> {
  const limited = new Map<string, string | undefined>();
  for (const { distribution } of found) {
    if (distribution.errorCode === 'EQD04' && distribution.divisionId !== null) {
      limited.set(distribution.id, limitingDivision(await allowances(unit, distribution.payer, now)));
    }
  }
  return limited;
}

/** Each invitation with its reminders and thank-yous below it. */
function familiesOf(shown: Shown[]): object[] {
  return shown
    .filter(({ distribution }) => distribution.parentId === null)
    .map((parent) => ({
      block: blockModel(parent),
      followUps: shown
        .filter(({ distribution }) => distribution.parentId === parent.distribution.id)
        .map((followUp) => blockModel(followUp)),
    }));
}

/** Whether this person may write and send mails for the survey. */
export function mayCompose(actor: Actor, stake: Stake): boolean {
  return may(actor, 'distributions:send', stake) && may(actor, 'mailer:access', stake);
}
