import { Body, Controller, Get, Post, Render } from '@nestjs/common';
import { may } from '../brands/access.js';
import { type Actor, Me } from '../platform/auth/actor.js';
import { SignedIn } from '../platform/auth/guard.js';
import { addresses } from '../platform/web/addresses.js';
import { type Answer, goneTo } from '../platform/web/answers.js';
import { form } from '../platform/web/form.js';
import { Id } from '../platform/web/id_param.js';
import { asksForProof, isAnonymized } from './survey.entity.js';
import { optionLines } from './survey_options.js';
import { SurveyWords } from './survey_words.js';
import { switchBotGuard, switchProof } from './surveys.forms.js';
import { SurveysService } from './surveys.service.js';

/** A survey's options: all of them to read, and two to switch. */
@Controller('surveys/:id/options')
@SignedIn()
export class SurveyOptionsController {
  constructor(
    private readonly surveys: SurveysService,
    private readonly words: SurveyWords,
  ) {}

  @Get()
  @Render('surveys/options')
  async show(@Me() actor: Actor, @Id('SV') id: string): Promise<object> {
    const { survey, stake } = await this.surveys.mustFindWithDraft(actor, id);
    const { say } = this.words;
    const isOn = survey.options['botGuard'] === true;
    return {
      title: `${say('options.title')} · ${survey.name}`,
      crumbs: this.words.crumbs(survey, say('options.title')),
      header: await this.surveys.headerFor(actor, survey, stake, 'outline'),
      head: { title: say('options.title'), lead: say('options.lead'), isSection: true },
      options: optionLines(survey.options, survey.draft, say),
      guard: may(actor, 'surveys:edit', stake)
        ? {
            url: addresses.surveys.botGuardOption(this.words.shown(survey.id)),
            value: isOn ? 'off' : 'on',
            text: say(isOn ? 'options.botGuard.turnOff' : 'options.botGuard.turnOn'),
          }
        : undefined,
      proof:
        may(actor, 'surveys:edit', stake) && !isAnonymized(survey.options)
          ? {
              url: addresses.surveys.proofOption(this.words.shown(survey.id)),
              value: asksForProof(survey.options) ? 'off' : 'on',
              text: say(asksForProof(survey.options) ? 'options.askForProof.turnOff' : 'options.askForProof.turnOn'),
            }
          : undefined,
      backUrl: addresses.surveys.page(this.words.shown(survey.id)),
    };
  }

  @Post('proof')
  async switchProof(
    @Me() actor: Actor,
    @Id('SV') id: string,
    @Body(form(switchProof)) { isOn }: { isOn: boolean },
  ): Promise<Answer> {
    await this.surveys.askForProof(actor, id, isOn);
    return this.back(id, this.words.say(isOn ? 'options.askForProof.isOn' : 'options.askForProof.isOff'));
  }

  @Post('bot-guard')
  async switchBotGuard(
    @Me() actor: Actor,
    @Id('SV') id: string,
    @Body(form(switchBotGuard)) { isOn }: { isOn: boolean },
  ): Promise<Answer> {
    await this.surveys.guardAgainstBots(actor, id, isOn);
    return this.back(id, this.words.say(isOn ? 'options.botGuard.isOn' : 'options.botGuard.isOff'));
  }

  private back(id: string, words: string): Answer {
    return goneTo(addresses.surveys.options(this.words.shown(id))).saying(words);
  }
}
