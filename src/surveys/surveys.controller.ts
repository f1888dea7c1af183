import { Body, Controller, Get, Post, Query, Render } from '@nestjs/common';
import { type Actor, Me } from '../platform/auth/actor.js';
import { SignedIn } from '../platform/auth/guard.js';
import { addresses } from '../platform/web/addresses.js';
import { type Answer, type Faults, goneTo, NO_FAULTS, orFormAgain } from '../platform/web/answers.js';
import { form } from '../platform/web/form.js';
import { Id } from '../platform/web/id_param.js';
import { OutlinePage } from './outline_page.js';
import { SurveyListPage } from './survey_list_page.js';
import { SurveyWords } from './survey_words.js';
import { introduceSurvey, listSurveys, showOutline } from './surveys.forms.js';
import { SurveysService } from './surveys.service.js';
import { WordingService } from './wording.service.js';

type Introduction = ReturnType<(typeof introduceSurvey)['parse']>;

/** The list of surveys, a survey's outline, its names, its end. */
@Controller('surveys')
@SignedIn()
export class SurveysController {
  constructor(
    private readonly surveys: SurveysService,
    private readonly wording: WordingService,
    private readonly list: SurveyListPage,
    private readonly outline: OutlinePage,
    private readonly words: SurveyWords,
  ) {}

  @Get()
  @Render('surveys/index')
  index(
    @Me() actor: Actor,
    @Query(form(listSurveys)) wish: ReturnType<(typeof listSurveys)['parse']>,
  ): Promise<object> {
    return this.list.show(actor, wish);
  }

  @Get(':id')
  @Render('surveys/show')
  async show(
    @Me() actor: Actor,
    @Id('SV') id: string,
    @Query(form(showOutline)) { from }: { from: number },
  ): Promise<object> {
    return this.outline.show(actor, await this.surveys.mustFindWithDraft(actor, id), from);
  }

  @Get(':id/about')
  @Render('surveys/about')
  editAbout(@Me() actor: Actor, @Id('SV') id: string): Promise<object> {
    return this.aboutForm(actor, id, NO_FAULTS);
  }

  @Post(':id/about')
  updateAbout(
    @Me() actor: Actor,
    @Id('SV') id: string,
    @Body(form(introduceSurvey)) typed: Introduction,
  ): Promise<Answer> {
    return orFormAgain(
      async () => {
        await this.wording.introduce(actor, id, typed);
        return goneTo(addresses.surveys.page(this.words.shown(id))).saying(this.words.say('about.saved'));
      },
      async (faults) => ({ view: 'surveys/about', model: await this.aboutForm(actor, id, faults, typed) }),
    );
  }

  @Post(':id/copy')
  async copy(@Me() actor: Actor, @Id('SV') id: string): Promise<Answer> {
    const survey = await this.surveys.copy(actor, id);
    return goneTo(addresses.surveys.page(this.words.shown(survey.id))).saying(this.words.say('copy.done'));
  }

  @Post(':id/remove')
  async destroy(@Me() actor: Actor, @Id('SV') id: string): Promise<Answer> {
    const { survey } = await this.surveys.mustFind(actor, id);
    await this.surveys.remove(actor, id);
    return goneTo(addresses.surveys.list()).saying(this.words.say('remove.done', { name: survey.name }));
  }

  private async aboutForm(actor: Actor, id: string, { errors, fields }: Faults, typed?: Introduction): Promise<object> {
    const { survey, stake } = await this.surveys.mustFindWithDraft(actor, id, 'surveys:edit');
    const { say } = this.words;
    const { name, title, description } = {
      name: survey.name,
      title: survey.draft.title,
      description: survey.draft.description ?? '',
      ...typed,
    };
    const field = (key: string, label: string, value: string, more: object): object => ({
      name: key,
      label: say(`about.${label}`),
      help: say(`about.${label}Help`),
      error: fields[key],
      value,
      ...more,
    });
    return {
      title: `${say('about.title')} · ${survey.name}`,
      crumbs: this.words.crumbs(survey, say('about.title')),
      header: await this.surveys.headerFor(actor, survey, stake, 'outline'),
      head: { title: say('about.title'), isSection: true },
      action: addresses.surveys.about(this.words.shown(id)),
      backUrl: addresses.surveys.page(this.words.shown(id)),
      errors,
      name: field('name', 'name', name, { required: true, maxlength: 200 }),
      heading: field('title', 'heading', title, { required: true, maxlength: 200 }),
      description: field('description', 'description', description, { rows: 3, maxlength: 1000 }),
    };
  }
}
