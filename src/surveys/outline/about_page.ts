import { Injectable } from '@nestjs/common';
import type { Actor } from '../../platform/auth/actor.js';
import { addresses } from '../../platform/web/addresses.js';
import { type Faults, NO_FAULTS } from '../../platform/web/answers.js';
import { LibraryWordsOfSurveys } from '../library_words.js';
import type { Survey } from '../survey.entity.js';
import { SurveyWords } from '../survey_words.js';
import type { introduceSurvey, TakenWords } from '../surveys.forms.js';
import { SurveysService } from '../surveys.service.js';
import { editable, LONGEST } from '../wording/wording.js';

type Introduction = ReturnType<(typeof introduceSurvey)['parse']>;

/** The form "About this survey". */
@Injectable()
export class AboutPage {
  constructor(
    private readonly surveys: SurveysService,
    private readonly library: LibraryWordsOfSurveys,
    private readonly words: SurveyWords,
  ) {}

  /** @param again what was typed, where it is shown again, and what was looked for in the library */
  async form(
    actor: Actor,
    id: string,
    { typed, refused = NO_FAULTS, wish }: { typed?: Introduction; refused?: Faults; wish?: TakenWords } = {},
  ): Promise<object> {
    const { survey, stake } = await this.surveys.mustFindWithDraft(actor, id, 'surveys:edit');
    const { say } = this.words;
    const { name, title, description, ending } = { ...written(survey), ...typed };
    const field = (key: string, label: string, value: string, more: object): object => ({
      name: key,
      label: say(`about.${label}`),
      help: say(`about.${label}Help`),
      error: refused.fields[key],
      value,
      ...more,
    });
    const hasEnding = showsEnding(survey);
    const place = placeIn(survey);
    return {
      title: `${say('about.title')} · ${survey.name}`,
      crumbs: this.words.crumbs(survey, say('about.title')),
      header: await this.surveys.headerFor(actor, survey, stake, 'outline'),
      head: { title: say('about.title'), isSection: true },
      action: addresses.surveys.about(this.words.shown(id)),
      backUrl: addresses.surveys.page(this.words.shown(id)),
      errors: refused.errors,
      name: field('name', 'name', name, { required: true, maxlength: 200 }),
      heading: field('title', 'heading', title, { required: true, maxlength: 200 }),
      description: field('description', 'description', description, { rows: 3, maxlength: 1000 }),
      ending: hasEnding ? field('ending', 'ending', ending ?? '', { rows: 4 }) : undefined,
      library: hasEnding ? await this.library.choices(actor, place, wish) : undefined,
    };
  }

  /** What was typed, with words of the library at the end. @throws {NotFound} for words that are not there */
  async loaded(actor: Actor, id: string, typed: Introduction, shown: string): Promise<Introduction> {
    const { survey } = await this.surveys.mustFindWithDraft(actor, id, 'surveys:edit');
    return { ...typed, ending: await this.library.forField(actor, placeIn(survey), shown) };
  }
}

function placeIn({ draft: { language } }: Survey) {
  return { category: 'endOfSurvey', language } as const;
}

/** Not one that leads elsewhere, nor words that an import brought and nobody may type: both stay as they are. */
function showsEnding({ draft: { ending } }: Survey): boolean {
  return ending.kind !== 'redirect' && editable(ending.message ?? '').length <= LONGEST;
}

function written({ name, draft }: Survey): Introduction {
  const { title, description = '', ending } = draft;
  return { name, title, description, ending: editable(ending.message ?? '') };
}
