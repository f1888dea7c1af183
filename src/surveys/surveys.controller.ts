import { Controller, Get, Post, Query, Render } from '@nestjs/common';
import { type Actor, Me } from '../platform/auth/actor.js';
import { SignedIn } from '../platform/auth/guard.js';
import { addresses } from '../platform/web/addresses.js';
import { type Answer, goneTo } from '../platform/web/answers.js';
import { form } from '../platform/web/form.js';
import { Id } from '../platform/web/id_param.js';
import { OutlinePage } from './outline/outline_page.js';
import { SurveyListPage } from './survey_list_page.js';
import { SurveyWords } from './survey_words.js';
import { listSurveys, showOutline } from './surveys.forms.js';
import { SurveysService } from './surveys.service.js';

/** The list of surveys, a survey's outline, copies of it, and that it is deleted. */
@Controller('surveys')
@SignedIn()
export class SurveysController {
  constructor(
    private readonly surveys: SurveysService,
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
}
