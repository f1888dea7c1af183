import { Body, Controller, Get, Param, Post, Render, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { type Actor, Me } from '../platform/auth/actor.js';
import { SignedIn } from '../platform/auth/guard.js';
import { flash } from '../platform/web/flash.js';
import { form, parsed } from '../platform/web/form.js';
import { orAgain } from '../platform/web/form_again.js';
import { instantOf } from './local_times.js';
import { StagePages } from './stage_pages.js';
import { SurveyWords } from './survey_words.js';
import { limitSurvey, pauseSurvey } from './surveys.forms.js';
import { SurveysService } from './surveys.service.js';

/** Publishing, activating, pausing and resuming a survey. */
@Controller('surveys/:id')
@SignedIn()
export class SurveyStagesController {
  constructor(
    private readonly surveys: SurveysService,
    private readonly pages: StagePages,
    private readonly words: SurveyWords,
  ) {}

  @Get('publish')
  @Render('surveys/publish')
  async showPublish(@Me() actor: Actor, @Param('id') id: string): Promise<object> {
    return this.pages.publish(actor, this.words.idOf(id));
  }

  @Post('publish')
  async publish(
    @Me() actor: Actor,
    @Param('id') shown: string,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const id = this.words.idOf(shown);
    const survey = await this.surveys.publish(actor, id);
    const number = await this.pages.versionOf(survey);
    this.back(request, response, id, this.words.say('publish.done', { number }));
  }

  @Post('activate')
  async activate(
    @Me() actor: Actor,
    @Param('id') shown: string,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const id = this.words.idOf(shown);
    const survey = await this.surveys.activate(actor, id);
    const isEarly = survey.doorAt(this.words.now()) === 'early';
    this.back(request, response, id, this.words.say(isEarly ? 'activate.early' : 'activate.done'));
  }

  @Get('pause')
  @Render('surveys/pause')
  async showPause(@Me() actor: Actor, @Param('id') id: string): Promise<object> {
    return this.pages.pause(actor, this.words.idOf(id));
  }

  @Post('pause')
  async pause(
    @Me() actor: Actor,
    @Param('id') shown: string,
    @Body() body: Record<string, unknown>,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const id = this.words.idOf(shown);
    await orAgain(
      response,
      async () => {
        const { people, late, message } = parsed(pauseSurvey, body);
        await this.surveys.pause(actor, id, { people, message: late === 'own' ? message : '' });
        this.back(request, response, id, this.words.say('pause.done'));
      },
      async (errors) => ({
        view: 'surveys/pause',
        model: await this.pages.pause(actor, id, { ...errors, typed: body }),
      }),
    );
  }

  @Post('resume')
  async resume(
    @Me() actor: Actor,
    @Param('id') shown: string,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const id = this.words.idOf(shown);
    await this.surveys.resume(actor, id);
    this.back(request, response, id, this.words.say('resume.done'));
  }

  @Get('availability')
  @Render('surveys/availability')
  async showAvailability(@Me() actor: Actor, @Param('id') id: string): Promise<object> {
    return this.pages.availability(actor, this.words.idOf(id));
  }

  @Post('availability')
  async limit(
    @Me() actor: Actor,
    @Param('id') shown: string,
    @Body(form(limitSurvey)) typed: { from: string; until: string },
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const id = this.words.idOf(shown);
    await orAgain(
      response,
      async () => {
        const { survey } = await this.surveys.mustFind(actor, id);
        const [from, until] = [
          instantOf(typed.from, survey.timeZone, 'from'),
          instantOf(typed.until, survey.timeZone, 'until'),
        ];
        await this.surveys.limit(actor, id, { from, until });
        this.back(request, response, id, this.words.say('availability.done'));
      },
      async (errors) => ({
        view: 'surveys/availability',
        model: await this.pages.availability(actor, id, { ...errors, typed }),
      }),
    );
  }

  private back(request: Request, response: Response, id: string, words: string): void {
    flash(request, 'success', words);
    response.redirect(303, this.words.path(id));
  }
}
