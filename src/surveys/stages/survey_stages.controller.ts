import { Body, Controller, Get, Post, Render } from '@nestjs/common';
import { type Actor, Me } from '../../platform/auth/actor.js';
import { SignedIn } from '../../platform/auth/guard.js';
import { addresses } from '../../platform/web/addresses.js';
import { type Answer, drawn, goneTo, NO_FAULTS, orFormAgain } from '../../platform/web/answers.js';
import { form, parsed } from '../../platform/web/form.js';
import { Id } from '../../platform/web/id_param.js';
import { instantOf } from './local_times.js';
import { StagePages } from './stage_pages.js';
import { SurveyWords } from '../survey_words.js';
import { limitSurvey, looksForWords, pauseSurvey, takeWords } from '../surveys.forms.js';
import { SurveysService } from '../surveys.service.js';

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
  showPublish(@Me() actor: Actor, @Id('SV') id: string): Promise<object> {
    return this.pages.publish(actor, id);
  }

  @Post('publish')
  async publish(@Me() actor: Actor, @Id('SV') id: string): Promise<Answer> {
    const survey = await this.surveys.publish(actor, id);
    const number = await this.pages.versionOf(survey);
    return this.back(id, this.words.say('publish.done', { number }));
  }

  @Post('activate')
  async activate(@Me() actor: Actor, @Id('SV') id: string): Promise<Answer> {
    const survey = await this.surveys.activate(actor, id);
    const isEarly = survey.doorAt(this.words.now()) === 'early';
    return this.back(id, this.words.say(isEarly ? 'activate.early' : 'activate.done'));
  }

  @Get('pause')
  @Render('surveys/pause')
  showPause(@Me() actor: Actor, @Id('SV') id: string): Promise<object> {
    return this.pages.pause(actor, id);
  }

  @Post('pause')
  async pause(@Me() actor: Actor, @Id('SV') id: string, @Body() body: Record<string, unknown>): Promise<Answer> {
    return orFormAgain(
      async () => {
        const wish = parsed(takeWords, body);
        if (wish.go === 'load') {
          return drawn('surveys/pause', await this.pages.pauseWith(actor, id, body, wish.libraryMessage));
        }
        if (looksForWords(wish)) {
          return drawn('surveys/pause', await this.pages.pause(actor, id, { ...NO_FAULTS, typed: body, wish }));
        }
        const { people, late, message } = parsed(pauseSurvey, body);
        await this.surveys.pause(actor, id, { people, message: late === 'own' ? message : '' });
        return this.back(id, this.words.say('pause.done'));
      },
      async (faults) => ({
        view: 'surveys/pause',
        model: await this.pages.pause(actor, id, { ...faults, typed: body }),
      }),
    );
  }

  @Post('resume')
  async resume(@Me() actor: Actor, @Id('SV') id: string): Promise<Answer> {
    await this.surveys.resume(actor, id);
    return this.back(id, this.words.say('resume.done'));
  }

  @Get('availability')
  @Render('surveys/availability')
  showAvailability(@Me() actor: Actor, @Id('SV') id: string): Promise<object> {
    return this.pages.availability(actor, id);
  }

  @Post('availability')
  limit(
    @Me() actor: Actor,
    @Id('SV') id: string,
    @Body(form(limitSurvey)) typed: { from: string; until: string },
  ): Promise<Answer> {
    return orFormAgain(
      async () => {
        const { survey } = await this.surveys.mustFind(actor, id);
        const [from, until] = [
          instantOf(typed.from, survey.timeZone, 'from'),
          instantOf(typed.until, survey.timeZone, 'until'),
        ];
        await this.surveys.limit(actor, id, { from, until });
        return this.back(id, this.words.say('availability.done'));
      },
      async (faults) => ({
        view: 'surveys/availability',
        model: await this.pages.availability(actor, id, { ...faults, typed }),
      }),
    );
  }

  private back(id: string, words: string): Answer {
    return goneTo(addresses.surveys.page(this.words.shown(id))).saying(words);
  }
}
