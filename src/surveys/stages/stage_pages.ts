import { Injectable } from '@nestjs/common';
import type { Actor } from '../../platform/auth/actor.js';
import { addresses } from '../../platform/web/addresses.js';
import { phrasesIn, UI_LANGUAGES } from '../../platform/web/phrases.js';
import { WrongState } from '../../platform/errors.js';
import { changesBetween } from '../changes.js';
import { type Faults, NO_FAULTS } from '../../platform/web/answers.js';
import { zoneLabel } from '../../platform/calendar/time_zones.js';
import { LibraryWordsOfSurveys } from '../library_words.js';
import { fieldTime } from './local_times.js';
import { questionUrl } from '../outline/outline_list.js';
import { OutlinePlaces } from '../outline/outline_parts.js';
import { PublishedSurveys } from './published_surveys.js';
import type { Survey } from '../survey.entity.js';
import { SurveyHeaders } from '../survey_headers.js';
import { countWords } from './unfinished_walks.js';
import type { TakenWords } from '../surveys.forms.js';
import { SurveyWords } from '../survey_words.js';
import { SurveysService } from '../surveys.service.js';
import { warningsModel } from './warning_words.js';

const CHOICES = ['finish', 'record', 'discard'] as const;

/** What people read who come while the survey is paused: the very words of their page. */
function usualWords(language: string): string {
  const phrases = phrasesIn(language);
  return `${phrases.say('refusals.paused.title')} — ${phrases.say('refusals.paused.text')}`;
}

function usualInEachLanguage(): object[] {
  return UI_LANGUAGES.map((language) => ({
    language,
    dir: language === 'ar' ? 'rtl' : undefined,
    name: nameOf(language),
    text: usualWords(language),
  }));
}

function placeIn({ draft: { language } }: Survey) {
  return { category: 'inactiveSurvey', language } as const;
}

function nameOf(language: string): string {
  return new Intl.DisplayNames('en', { type: 'language' }).of(language) ?? language;
}

/** The pages that say what a change of stage does before it is done. */
@Injectable()
export class StagePages {
  constructor(
    private readonly surveys: SurveysService,
    private readonly published: PublishedSurveys,
    private readonly headers: SurveyHeaders,
    private readonly words: SurveyWords,
    private readonly library: LibraryWordsOfSurveys,
  ) {}

  async versionOf({ brandId, publishedVersionId }: Survey): Promise<number> {
    return publishedVersionId === null ? 0 : (await this.published.publication(brandId, publishedVersionId)).number;
  }

  async publish(actor: Actor, id: string): Promise<object> {
    const { survey, stake } = await this.surveys.mustFindWithDraft(actor, id, 'surveys:activate');
    if (!survey.hasUnpublishedChanges) {
      throw new WrongState('There is nothing new to publish: the published version is the same as the draft.');
    }
    const { say } = this.words;
    const places = new OutlinePlaces(survey.draft);
    const number = (await this.versionOf(survey)) + 1;
    const before =
      survey.publishedVersionId === null
        ? undefined
        : await this.published.definitionOf(actor.brandId, survey.publishedVersionId);
    return {
      title: `${say('publish.title')} · ${survey.name}`,
      crumbs: this.words.crumbs(survey, say('publish.title')),
      header: await this.surveys.headerFor(actor, survey, stake, 'outline'),
      head: { title: say('publish.title'), lead: say('publish.lead', { number }), isSection: true },
      warnings: warningsModel(survey.draft, say, (question) =>
        questionUrl(places, question, addresses.surveys.page(this.words.shown(id))),
      ),
      isFirst: before === undefined,
      changes:
        before === undefined
          ? []
          : changesBetween(before, this.surveys.shownDefinition(actor.brandId, survey.draft), say),
      open: await this.openWords(survey, 'publish'),
      action: addresses.surveys.publish(this.words.shown(id)),
      backUrl: addresses.surveys.page(this.words.shown(id)),
      submit: say('publish.submit', { number }),
    };
  }

  async pause(
    actor: Actor,
    id: string,
    again: Faults & { typed?: Record<string, unknown>; wish?: TakenWords } = NO_FAULTS,
  ): Promise<object> {
    const { survey, stake } = await this.surveys.mustFindWithDraft(actor, id, 'surveys:activate');
    survey.mustBeActive();
    const { say } = this.words;
    const { people = 'finish', late = survey.inactiveMessage === '' ? 'usual' : 'own' } = again.typed ?? {};
    const { activate: _none, pause: _here, ...header } = await this.surveys.headerFor(actor, survey, stake, 'outline');
    return {
      title: `${say('pause.title')} · ${survey.name}`,
      crumbs: this.words.crumbs(survey, say('pause.title')),
      header,
      head: { title: say('pause.title'), lead: say('pause.lead'), isSection: true },
      errors: again.errors,
      open: await this.openWords(survey, 'pause'),
      people: {
        name: 'people',
        label: say('pause.people'),
        required: true,
        error: again.fields['people'],
        options: CHOICES.map((value) => this.option('pause', value, value === people)),
      },
      late: this.lateChoice(late),
      usual: usualInEachLanguage(),
      message: {
        name: 'message',
        label: say('pause.message'),
        help: say('pause.messageHelp'),
        rows: 4,
        maxlength: 2000,
        value: again.typed?.['message'] ?? survey.inactiveMessage,
        error: again.fields['message'],
      },
      library: await this.library.choices(actor, placeIn(survey), again.wish),
      action: addresses.surveys.pause(this.words.shown(id)),
      backUrl: addresses.surveys.page(this.words.shown(id)),
    };
  }

  /** The form with words of the library as its message. @throws {NotFound} for words that are not there */
  async pauseWith(actor: Actor, id: string, typed: Record<string, unknown>, shown: string): Promise<object> {
    const { survey } = await this.surveys.mustFindWithDraft(actor, id, 'surveys:activate');
    const message = await this.library.forField(actor, placeIn(survey), shown);
    return this.pause(actor, id, { ...NO_FAULTS, typed: { ...typed, late: 'own', message } });
  }

  async availability(
    actor: Actor,
    id: string,
    again: Faults & { typed?: { from: string; until: string } } = NO_FAULTS,
  ): Promise<object> {
    const { survey, stake } = await this.surveys.mustFind(actor, id, 'surveys:activate');
    const { say } = this.words;
    const typed = again.typed ?? {
      from: fieldTime(survey.availableFrom, survey.timeZone),
      until: fieldTime(survey.availableUntil, survey.timeZone),
    };
    const field = (name: 'from' | 'until'): object => ({
      name,
      label: say(`availability.${name}`),
      help: say(`availability.${name}Help`),
      type: 'datetime-local',
      suffix: zoneLabel(survey.timeZone),
      value: typed[name],
      error: again.fields[name],
    });
    return {
      title: `${say('availability.title')} · ${survey.name}`,
      crumbs: this.words.crumbs(survey, say('availability.title')),
      header: await this.surveys.headerFor(actor, survey, stake, 'outline'),
      head: {
        title: say('availability.title'),
        lead: say('availability.lead', { zone: survey.timeZone }),
        isSection: true,
      },
      errors: again.errors,
      from: field('from'),
      until: field('until'),
      action: addresses.surveys.availability(this.words.shown(id)),
      backUrl: addresses.surveys.page(this.words.shown(id)),
    };
  }

  private lateChoice(late: unknown): object {
    const { say } = this.words;
    const usual = { ...this.option('pause', 'lateDefault', late === 'usual'), value: 'usual', help: usualWords('en') };
    const own = { ...this.option('pause', 'lateOwn', late === 'own'), value: 'own' };
    return { name: 'late', label: say('pause.late'), required: true, options: [usual, own] };
  }

  private option(page: string, value: string, selected: boolean): object {
    const help = this.words.say(`${page}.${value}Help`);
    return { value, label: this.words.say(`${page}.${value}`), help, selected };
  }

  private async openWords(survey: Survey, page: 'publish' | 'pause'): Promise<string> {
    const { say } = this.words;
    const { active, unfinished } = await this.headers.unfinished(survey);
    const inside = { count: unfinished, shown: countWords(unfinished) };
    const sentence = say(unfinished === 0 ? `${page}.openNone` : `${page}.open`, inside);
    return active === 0
      ? sentence
      : `${sentence} ${say('facts.activeOfThem', { count: active, shown: countWords(active) })}`;
  }
}
