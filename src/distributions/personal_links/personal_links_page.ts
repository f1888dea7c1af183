import { Injectable } from '@nestjs/common';
import { may } from '../../brands/access.js';
import type { Actor } from '../../platform/auth/actor.js';
import { NotFound } from '../../platform/errors.js';
import { Ids } from '../../platform/ids.js';
import { addresses, asking } from '../../platform/web/addresses.js';
import { type Faults, NO_FAULTS } from '../../platform/web/answers.js';
import { SurveysService } from '../../surveys/surveys.service.js';
import { DistributionWords } from '../../ledger/distribution_words.js';
import { FoundDistributions, type FoundDistribution } from '../../ledger/found_distributions.service.js';
import { Audiences } from '../../audiences/audiences.service.js';
import { writtenSample } from '../../audiences/sample.js';
import { RecipientsService } from '../../ledger/recipients/recipients.service.js';
import { audienceIn } from '../../ledger/tallies.js';
import { embeddedLines } from '../../links/embedded_lines.js';
import type { WrittenLinks } from './personal_links.forms.js';
import { linksFields } from './links_fields.js';
import { generationModel, personModel, removalModel } from './personal_links.views.js';
import { linkChanges } from './link_changes.views.js';

const NEW_LINKS: WrittenLinks = {
  list: '',
  ...writtenSample(null),
  name: '',
  linkType: 'Individual',
  linkEnd: 'days',
  linkDays: '60',
  linkUntil: '',
  embedded: embeddedLines({}),
};
const PAGE = 20;
const PEOPLE = 50;

/** Links as files: the generations of a survey, one of them with its people, and the form for a new one. */
@Injectable()
export class PersonalLinksPage {
  constructor(
    private readonly distributions: FoundDistributions,
    readonly words: DistributionWords,
    private readonly surveys: SurveysService,
    private readonly audiences: Audiences,
    private readonly recipients: RecipientsService,
    private readonly ids: Ids,
  ) {}

  /** @throws {NotFound} also for a distribution of another survey, or one that was mailed */
  async mustFind(actor: Actor, address: { id: string; links: string }): Promise<FoundDistribution> {
    const found = await this.distributions.mustFind(actor, this.words.idOf(address.links));
    const { surveyId, channel } = found.distribution;
    if (surveyId !== this.words.surveyIdOf(address.id) || channel !== 'gl') {
      throw new NotFound('There are no such personal links for this survey.');
    }
    return found;
  }

  async index(actor: Actor, surveyId: string, after: string | undefined): Promise<object> {
    const { survey, stake } = await this.surveys.mustFind(actor, surveyId, 'distributions:access');
    const position = after === undefined ? undefined : this.ids.read('EMD', after);
    const found = await this.distributions.list(actor, surveyId, { size: PAGE, after: position, channel: 'gl' });
    const { say } = this.words;
    const maySend = may(actor, 'distributions:send', stake);
    const newUrl = {
      href: addresses.personalLinks.new(this.words.shownSurvey(surveyId)),
      text: say('personal.make'),
      icon: 'plus',
    };
    const last = found.length > PAGE ? found[PAGE - 1] : undefined;
    const rows = found.slice(0, PAGE).map((one) => generationModel(one, { actor, words: this.words }));
    return {
      ...(await this.frame(actor, surveyId)),
      title: `${say('personal.title')} · ${survey.name}`,
      crumbs: this.crumbs(survey),
      head: {
        title: say('personal.title'),
        lead: say('personal.lead'),
        isSection: true,
        actions: maySend && found.length > 0 ? [{ ...newUrl, isPrimary: true }] : [],
      },
      liveUrl: rows.some(({ isMaking }) => isMaking)
        ? addresses.live.distributions(this.words.shownSurvey(surveyId))
        : undefined,
      rows,
      olderUrl:
        last &&
        asking(addresses.personalLinks.list(this.words.shownSurvey(surveyId)), {
          after: this.words.shown(last.distribution),
        }),
      empty:
        found.length === 0 && after === undefined
          ? {
              icon: 'link',
              title: say('personal.emptyTitle'),
              text: say('personal.emptyText'),
              ...(maySend ? { action: newUrl } : {}),
            }
          : undefined,
    };
  }

  async fresh(
    actor: Actor,
    surveyId: string,
    written: WrittenLinks = NEW_LINKS,
    { errors, fields }: Faults = NO_FAULTS,
  ): Promise<object> {
    const { survey } = await this.surveys.mustFind(actor, surveyId, 'distributions:access');
    const { say } = this.words;
    const lists = await this.audiences.listOptions(actor);
    const segments = await this.audiences.segmentOptions(actor);
    const title = say('personal.make');
    return {
      ...(await this.frame(actor, surveyId)),
      title: `${title} · ${survey.name}`,
      crumbs: this.crumbs(survey, { text: title }),
      head: { title, lead: say('personal.makeLead'), isSection: true },
      errors,
      action: addresses.personalLinks.list(this.words.shownSurvey(surveyId)),
      backUrl: addresses.personalLinks.list(this.words.shownSurvey(surveyId)),
      missing: may(actor, 'directory:edit')
        ? say(lists.length + segments.length === 0 ? 'personal.missingNone' : 'personal.missing')
        : undefined,
      ...linksFields(written, { say, faults: fields, lists, segments, timeZone: actor.timeZone }),
    };
  }

  async show(
    actor: Actor,
    found: FoundDistribution,
    { q, after }: { q: string; after?: string | undefined },
  ): Promise<object> {
    const { distribution, survey, stake, tallies } = found;
    const { say } = this.words;
    const at = this.words.at(distribution);
    const url = addresses.personalLinks.page(...at);
    const position = { size: PEOPLE, after: after === undefined ? undefined : this.ids.read('MS', after) };
    const filter = { distributionId: distribution.id, ...(q === '' ? {} : { search: q }) };
    const rows = audienceIn(tallies) === 0 ? [] : await this.recipients.page(actor, filter, position);
    const model = generationModel(found, { actor, words: this.words });
    const last = rows.length > PEOPLE ? rows[PEOPLE - 1] : undefined;
    const maySend = may(actor, 'distributions:send', stake);
    return {
      ...(await this.frame(actor, survey.id)),
      title: `${model.title} · ${survey.name}`,
      crumbs: this.crumbs(survey, { text: model.title }),
      liveUrl: model.isMaking ? addresses.live.distribution(model.id) : undefined,
      generation: model,
      maySend,
      changes: linkChanges((change) => addresses.personalLinks.change(...at, change)),
      days: String(distribution.linkDays),
      removal: maySend ? removalModel(model.title, distribution, this.words) : undefined,
      search: {
        action: `${url}#people`,
        name: 'q',
        value: q,
        label: say('recipients.search'),
        button: say('recipients.find'),
        keep: [],
      },
      people: rows.slice(0, PEOPLE).map((row) => ({
        ...personModel(row, distribution.linkType, { actor, words: this.words }),
        maySend,
        changes: this.changesOf(at, row),
        days: String(distribution.linkDays),
      })),
      olderUrl: last && `${asking(url, { q, after: this.ids.show('MS', last.id) })}#people`,
    };
  }

  /** One generation, for a page that watches it being made. */
  generation(actor: Actor, found: FoundDistribution): object {
    return generationModel(found, { actor, words: this.words });
  }

  private changesOf(at: [survey: string, links: string], row: { id: string }): object {
    const message = this.ids.show('MS', row.id);
    return linkChanges((change) => addresses.personalLinks.changeOfOne(...at, message, change));
  }

  private async frame(actor: Actor, surveyId: string): Promise<object> {
    const { surveys } = this;
    const { survey, stake } = await surveys.mustFind(actor, surveyId, 'distributions:access');
    return surveys.distributionsFrame(actor, survey, stake, 'personal');
  }

  private crumbs(survey: { id: string; name: string }, ...titles: { text: string }[]): object[] {
    const text = this.words.say('personal.title');
    const [surveys, own] = this.words.crumbs(survey) as [object, object];
    return [
      surveys,
      own,
      ...(titles.length === 0
        ? [{ text }]
        : [{ href: addresses.personalLinks.list(this.words.shownSurvey(survey.id)), text }, ...titles]),
    ];
  }
}
