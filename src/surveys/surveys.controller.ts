import { Body, Controller, Get, Param, Post, Query, Render, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { type Actor, Me } from '../platform/auth/actor.js';
import { SignedIn } from '../platform/auth/guard.js';
import { flash } from '../platform/web/flash.js';
import { form } from '../platform/web/form.js';
import { type FormErrors, NO_ERRORS, orAgain } from '../platform/web/form_again.js';
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
    @Param('id') id: string,
    @Query(form(showOutline)) { from }: { from: number },
  ): Promise<object> {
    return this.outline.show(actor, await this.surveys.mustFindWithDraft(actor, this.words.idOf(id)), from);
  }

  @Get(':id/about')
  async editAbout(@Me() actor: Actor, @Param('id') id: string, @Res() response: Response): Promise<void> {
    const { view, model } = await this.aboutForm(actor, this.words.idOf(id), NO_ERRORS);
    response.render(view, model);
  }

  @Post(':id/about')
  async updateAbout(
    @Me() actor: Actor,
    @Param('id') shown: string,
    @Body(form(introduceSurvey)) typed: Introduction,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const id = this.words.idOf(shown);
    await orAgain(
      response,
      async () => {
        await this.wording.introduce(actor, id, typed);
        flash(request, 'success', this.words.say('about.saved'));
        response.redirect(303, this.words.path(id));
      },
      (errors) => this.aboutForm(actor, id, errors, typed),
    );
  }

  @Post(':id/copy')
  async copy(
    @Me() actor: Actor,
    @Param('id') shown: string,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const survey = await this.surveys.copy(actor, this.words.idOf(shown));
    flash(request, 'success', this.words.say('copy.done'));
    response.redirect(303, this.words.path(survey.id));
  }

  @Post(':id/remove')
  async destroy(
    @Me() actor: Actor,
    @Param('id') shown: string,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const id = this.words.idOf(shown);
    const { survey } = await this.surveys.mustFind(actor, id);
    await this.surveys.remove(actor, id);
    flash(request, 'success', this.words.say('remove.done', { name: survey.name }));
    response.redirect(303, '/surveys');
  }

  private async aboutForm(
    actor: Actor,
    id: string,
    { errors, fields }: FormErrors,
    typed?: Introduction,
  ): Promise<{ view: string; model: object }> {
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
      view: 'surveys/about',
      model: {
        title: `${say('about.title')} · ${survey.name}`,
        crumbs: this.words.crumbs(survey, say('about.title')),
        header: await this.surveys.headerFor(actor, survey, stake, 'outline'),
        head: { title: say('about.title'), isSection: true },
        action: this.words.path(id, '/about'),
        backUrl: this.words.path(id),
        errors,
        name: field('name', 'name', name, { required: true, maxlength: 200 }),
        heading: field('title', 'heading', title, { required: true, maxlength: 200 }),
        description: field('description', 'description', description, { rows: 3, maxlength: 1000 }),
      },
    };
  }
}
