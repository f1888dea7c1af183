import { Body, Controller, Get, HttpStatus, Param, Post, Req } from '@nestjs/common';
import type { Request } from 'express';
import { type Actor, Me } from '../../platform/auth/actor.js';
import { SignedIn } from '../../platform/auth/guard.js';
import { type Answer, drawn, goneTo, orFormAgain } from '../../platform/web/answers.js';
import { form } from '../../platform/web/form.js';
import { Id } from '../../platform/web/id_param.js';
import { OutlinePage } from '../outline/outline_page.js';
import { SurveyWords } from '../survey_words.js';
import { rewordQuestion } from '../surveys.forms.js';
import { SurveysService } from '../surveys.service.js';
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
    @Id('SV') id: string,
    @Param('question') question: string,
    @Req() request: Request,
  ): Promise<Answer> {
    const staked = await this.surveys.mustFindWithDraft(actor, id);
    const model = this.outline.question(actor, staked, question);
    return isPartial(request) ? drawn('surveys/_question', model) : goneTo(this.outline.urlOf(staked, question));
  }

  @Get('edit')
  async edit(
    @Me() actor: Actor,
    @Id('SV') id: string,
    @Param('question') question: string,
    @Req() request: Request,
  ): Promise<Answer> {
    const staked = await this.surveys.mustFindWithDraft(actor, id, 'surveys:edit');
    return drawn(formView(request), this.outline.form(staked, question));
  }

  @Post()
  update(
    @Me() actor: Actor,
    @Id('SV') id: string,
    @Param('question') question: string,
    @Body(form(rewordQuestion)) texts: Record<string, string>,
    @Req() request: Request,
  ): Promise<Answer> {
    return orFormAgain(
      async () => {
        await this.wording.rewordQuestion(actor, id, question, texts);
        return isPartial(request) ? this.reworded(actor, id, question) : this.back(actor, id, question);
      },
      async (faults) => {
        const staked = await this.surveys.mustFindWithDraft(actor, id, 'surveys:edit');
        return { view: formView(request), model: this.outline.form(staked, question, { ...faults, typed: texts }) };
      },
    );
  }

  private async reworded(actor: Actor, id: string, question: string): Promise<Answer> {
    const staked = await this.surveys.mustFindWithDraft(actor, id);
    const parts = {
      question: this.outline.question(actor, staked, question, true),
      publication: await this.outline.publication(actor, staked),
    };
    return drawn('surveys/reworded', parts, HttpStatus.CREATED);
  }

  private async back(actor: Actor, id: string, question: string): Promise<Answer> {
    const staked = await this.surveys.mustFindWithDraft(actor, id);
    return goneTo(this.outline.urlOf(staked, question)).saying(this.words.say('wording.saved'));
  }
}

function isPartial(request: Request): boolean {
  return request.get('HX-Request-Type') === 'partial';
}

function formView(request: Request): string {
  return isPartial(request) ? 'surveys/_question_form' : 'surveys/question';
}
