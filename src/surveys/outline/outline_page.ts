import { Injectable } from '@nestjs/common';
import { may } from '../../brands/access.js';
import type { Actor } from '../../platform/auth/actor.js';
import { NotFound } from '../../platform/errors.js';
import { addresses } from '../../platform/web/addresses.js';
import { clockTime, type Moment } from '../../platform/web/moments.js';
import type { Question } from '../../engine/questions/question.schema.js';
import type { Faults } from '../../platform/web/answers.js';
import { endingWords, outlineQuestion } from './outline.js';
import { outlineList, questionUrl } from './outline_list.js';
import { OutlinePlaces } from './outline_parts.js';
import { PublishedSurveys } from '../stages/published_surveys.js';
import { optionLines } from '../survey_options.js';
import { SurveyWords } from '../survey_words.js';
import { type StakedSurvey, SurveysService } from '../surveys.service.js';
import { warningsModel } from '../stages/warning_words.js';
import { type Wording, wordingsOf } from '../wording/wording.js';

/** What `surveys/_publication` shows: how the draft and what respondents see compare. */
export interface PublicationModel {
  id: string;
  text: string;
  published?: { when: Moment; by: string };
  publishUrl?: string;
  publishText: string;
  isPrimary: boolean;
  previewUrl: string;
}

/** The outline of a survey and its questions, as models of templates. */
@Injectable()
export class OutlinePage {
  constructor(
    private readonly surveys: SurveysService,
    private readonly published: PublishedSurveys,
    private readonly words: SurveyWords,
  ) {}

  /** @param from the place of the outline from which it is shown */
  async show(actor: Actor, staked: StakedSurvey, from = 0): Promise<object> {
    const { survey, stake } = staked;
    const draft = this.surveys.shownDefinition(actor.brandId, survey.draft);
    const { say } = this.words;
    const path = addresses.surveys.page(this.words.shown(survey.id));
    const places = new OutlinePlaces(draft);
    const part = places.partFrom(from);
    const isOwner = stake.ownerId === actor.userId || actor.permissions.has('brand:admin');
    return {
      title: survey.name,
      crumbs: this.words.crumbs(survey),
      header: await this.surveys.headerFor(actor, survey, stake, 'outline'),
      outline: outlineList(draft, say, this.editing(actor, staked), { part, path }),
      ending: endingWords(draft.ending, say),
      publication: await this.publication(actor, staked),
      warnings: warningsModel(draft, say, (question) => questionUrl(places, question, path, part)),
      about: this.about(actor, staked),
      options: {
        lines: optionLines(survey.options, draft, say),
        url: addresses.surveys.options(this.words.shown(survey.id)),
      },
      sharing: isOwner && may(actor, 'surveys:collaborate', stake) ? await this.sharing(survey.id, actor) : undefined,
      copyUrl:
        may(actor, 'surveys:create') && may(actor, 'surveys:copy', stake)
          ? addresses.surveys.copy(this.words.shown(survey.id))
          : undefined,
      report: this.reportLink(staked),
      removal: isOwner && may(actor, 'surveys:edit', stake) ? this.removal(staked) : undefined,
    };
  }

  async publication(actor: Actor, { survey, stake }: StakedSurvey): Promise<PublicationModel> {
    const { say } = this.words;
    const version =
      survey.publishedVersionId === null
        ? undefined
        : await this.published.publication(actor.brandId, survey.publishedVersionId);
    const hasChanges = survey.hasUnpublishedChanges;
    const key = version === undefined ? 'never' : hasChanges ? 'changed' : 'same';
    return {
      id: this.words.shown(survey.id),
      text: say(`publication.${key}`, { number: version?.number }),
      ...(version === undefined
        ? {}
        : { published: { when: this.words.when(actor, version.at), by: say('publication.by', { name: version.by }) } }),
      ...(hasChanges && may(actor, 'surveys:activate', stake)
        ? { publishUrl: addresses.surveys.publish(this.words.shown(survey.id)) }
        : {}),
      publishText: say(version === undefined ? 'publication.publishFirst' : 'publication.publish'),
      isPrimary: version !== undefined && survey.stage !== 'paused',
      previewUrl: this.words.previewPath(survey.id),
    };
  }

  /** Where the outline shows a question. */
  urlOf({ survey }: Pick<StakedSurvey, 'survey'>, questionId: string): string {
    return questionUrl(
      new OutlinePlaces(survey.draft),
      questionId,
      addresses.surveys.page(this.words.shown(survey.id)),
    );
  }

  /** One question, as the outline shows it; `saved` says so in place. */
  question(actor: Actor, staked: StakedSurvey, questionId: string, isSaved = false): object {
    const draft = this.surveys.shownDefinition(actor.brandId, staked.survey.draft);
    const question = mustHave(draft.questions, questionId);
    return {
      ...outlineQuestion(draft, question, this.words.say, this.editing(actor, staked)),
      ...(isSaved
        ? { saved: this.words.say('outline.saved', { time: clockTime(this.words.now(), actor.timeZone) }) }
        : {}),
    };
  }

  /** The form for a question's wording; `typed` is what stands in it after a refusal. */
  form({ survey }: StakedSurvey, questionId: string, again?: Faults & { typed: Record<string, string> }): object {
    const question = mustHave(survey.draft.questions, questionId);
    const path = addresses.surveys.question(this.words.shown(survey.id), questionId);
    return {
      id: questionId,
      tag: question.exportTag,
      title: this.words.say('wording.title', { tag: question.exportTag }),
      lead: this.words.say('wording.lead'),
      crumbs: this.words.crumbs(survey, question.exportTag),
      action: path,
      cancelUrl: this.urlOf({ survey }, questionId),
      showUrl: path,
      errors: again?.errors ?? [],
      fields: wordingsOf(question).map((wording, place, all) => ({
        name: wording.name,
        label: this.labelOf(
          question,
          wording,
          all.filter((one, at) => one.kind === wording.kind && at <= place).length,
        ),
        value: again?.typed[wording.name] ?? wording.value,
        error: again?.fields[wording.name],
        ...(isLong(wording) ? { rows: rowsFor(wording) } : {}),
        required: true,
        ...(wording.kind === 'text' ? { help: this.words.say('wording.help') } : {}),
      })),
    };
  }

  private labelOf({ type }: Question, { kind, name }: Wording, number: number): string {
    if (type === 'nps' && kind === 'label') {
      return this.words.say(name === 'label.0' ? 'wording.lowLabel' : 'wording.highLabel');
    }
    return this.words.say(kind === 'text' && type === 'description' ? 'wording.textOf' : `wording.${kind}`, { number });
  }

  private editing(actor: Actor, { survey, stake }: StakedSurvey): (questionId: string) => string | undefined {
    const canEdit = may(actor, 'surveys:edit', stake);
    return (questionId) =>
      canEdit ? addresses.surveys.editQuestion(this.words.shown(survey.id), questionId) : undefined;
  }

  private about(actor: Actor, { survey, stake }: StakedSurvey): object {
    const { title, description, language, translations } = survey.draft;
    const names = new Intl.DisplayNames('en', { type: 'language', fallback: 'code' });
    return {
      name: survey.name,
      heading: title,
      description,
      language: names.of(language),
      translations: Object.keys(translations)
        .map((code) => names.of(code))
        .join(', '),
      owner: stake.ownerName,
      created: this.words.when(actor, survey.createdAt),
      available: this.words.availability(survey, actor.timeZone),
      availabilityUrl: may(actor, 'surveys:activate', stake)
        ? addresses.surveys.availability(this.words.shown(survey.id))
        : undefined,
      editUrl: may(actor, 'surveys:edit', stake) ? addresses.surveys.about(this.words.shown(survey.id)) : undefined,
    };
  }

  private async sharing(surveyId: string, actor: Actor): Promise<object> {
    const count = await this.surveys.countShares(actor.brandId, surveyId);
    return {
      url: addresses.surveys.sharing(this.words.shown(surveyId)),
      text: this.words.say('sharing.link'),
      count: count === 0 ? '' : this.words.say('sharing.linkCount', { count }),
    };
  }

  private reportLink({ survey }: StakedSurvey): object | undefined {
    const { importReport } = survey;
    const count = importReport?.length ?? 0;
    return importReport === null || importReport === undefined
      ? undefined
      : {
          url: addresses.surveys.report(this.words.shown(survey.id)),
          count: count === 0 ? '' : this.words.say('more.reportCount', { count }),
        };
  }

  private removal({ survey }: StakedSurvey): object {
    const { say } = this.words;
    return {
      id: 'remove_survey',
      title: say('remove.title', { name: survey.name }),
      text: say('remove.text'),
      consequences: [say('remove.links'), say('remove.mails'), say('remove.responses')],
      action: addresses.surveys.removal(this.words.shown(survey.id)),
      button: say('remove.button'),
      danger: true,
    };
  }
}

function mustHave(questions: Record<string, Question>, id: string): Question {
  const question = Object.hasOwn(questions, id) ? questions[id] : undefined;
  if (question === undefined) {
    throw new NotFound('This question is not in the survey any more.');
  }
  return question;
}

/** A choice is a line; questions and whatever has lines of its own get room. */
function isLong({ kind, value }: Wording): boolean {
  return kind === 'text' || value.includes('\n') || value.length > 90;
}

function rowsFor({ value }: Wording): number {
  const lines = value.split('\n').length + Math.floor(value.length / 90);
  return Math.min(12, Math.max(3, lines));
}
