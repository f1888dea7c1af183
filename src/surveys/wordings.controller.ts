import { Body, Controller, Get, Param, Post, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { type Actor, Me } from '../platform/auth/actor.js';
import { SignedIn } from '../platform/auth/guard.js';
import { flash } from '../platform/web/flash.js';
import { form } from '../platform/web/form.js';
import { orAgain } from '../platform/web/form_again.js';
import { OutlinePage } from './outline_page.js';
import { SurveyWords } from './survey_words.js';
import { rewordQuestion } from './surveys.forms.js';
import { SurveysService } from './surveys.service.js';
import { WordingService } from './wording.service.js';

/** The words of one question: shown, edited in place (or on a page of its own without scripts), saved. */
@Controller('surveys/:id/questions/:question')
@SignedIn()
export class WordingsController {
  constructor(
    private readonly surveys: SurveysService,
    private readonly wording: WordingService,
    private readonly outline: OutlinePage,
    private readonly words: SurveyWords,
  ) {}

  @Get()
  async show(
    @Me() actor: Actor,
    @Param('id') shown: string,
    @Param('question') question: string,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const id = this.words.idOf(shown);
    const staked = await this.surveys.mustFindWithDraft(actor, id);
    const model = this.outline.question(actor, staked, question);
    if (isPartial(request)) {
      response.render('surveys/_question', model);
    } else {
      response.redirect(303, this.outline.urlOf(staked, question));
    }
  }

  @Get('edit')
  async edit(
    @Me() actor: Actor,
    @Param('id') shown: string,
    @Param('question') question: string,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const staked = await this.surveys.mustFindWithDraft(actor, this.words.idOf(shown), 'surveys:edit');
    response.render(formView(request), this.outline.form(staked, question));
  }

  @Post()
  async update(
    @Me() actor: Actor,
    @Param() { id: shown, question }: { id: string; question: string },
    @Body(form(rewordQuestion)) texts: Record<string, string>,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const id = this.words.idOf(shown);
    await orAgain(
      response,
      async () => {
        await this.wording.rewordQuestion(actor, id, question, texts);
        await this.answer(actor, { id, question }, request, response);
      },
      async (errors) => {
        const staked = await this.surveys.mustFindWithDraft(actor, id, 'surveys:edit');
        return { view: formView(request), model: this.outline.form(staked, question, { ...errors, typed: texts }) };
      },
    );
  }

  private async answer(
    actor: Actor,
    { id, question }: { id: string; question: string },
    request: Request,
    response: Response,
  ): Promise<void> {
    const staked = await this.surveys.mustFindWithDraft(actor, id);
    if (isPartial(request)) {
      response.render('surveys/reworded', {
        question: this.outline.question(actor, staked, question, true),
        publication: await this.outline.publication(actor, staked),
      });
    } else {
      flash(request, 'success', this.words.say('wording.saved'));
      response.redirect(303, this.outline.urlOf(staked, question));
    }
  }
}

function isPartial(request: Request): boolean {
  return request.get('HX-Request-Type') === 'partial';
}

function formView(request: Request): string {
  return isPartial(request) ? 'surveys/_question_form' : 'surveys/question';
}
