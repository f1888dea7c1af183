import { Body, Controller, Get, Post, Render } from '@nestjs/common';
import { type Actor, Me } from '../../platform/auth/actor.js';
import { SignedIn } from '../../platform/auth/guard.js';
import { addresses } from '../../platform/web/addresses.js';
import { type Answer, drawn, goneTo, orFormAgain } from '../../platform/web/answers.js';
import { form } from '../../platform/web/form.js';
import { Id } from '../../platform/web/id_param.js';
import { AboutPage } from './about_page.js';
import { SurveyWords } from '../survey_words.js';
import { introduceSurvey, looksForWords, takeWords } from '../surveys.forms.js';
import { WordingService } from '../wording/wording.service.js';

const FORM = 'surveys/about';
const aboutSurvey = introduceSurvey.extend(takeWords.shape);

/** What a survey is called, how it introduces itself, and what people read at its end. */
@Controller('surveys/:id/about')
@SignedIn()
export class AboutController {
  constructor(
    private readonly wording: WordingService,
    private readonly page: AboutPage,
    private readonly words: SurveyWords,
  ) {}

  @Get()
  @Render(FORM)
  edit(@Me() actor: Actor, @Id('SV') id: string): Promise<object> {
    return this.page.form(actor, id);
  }

  @Post()
  async update(
    @Me() actor: Actor,
    @Id('SV') id: string,
    @Body(form(aboutSurvey)) { go, libraryMessage, librarySearch, ...typed }: ReturnType<(typeof aboutSurvey)['parse']>,
  ): Promise<Answer> {
    if (go === 'load') {
      return drawn(
        FORM,
        await this.page.form(actor, id, { typed: await this.page.loaded(actor, id, typed, libraryMessage) }),
      );
    }
    const wish = { go, libraryMessage, librarySearch };
    if (looksForWords(wish)) {
      return drawn(FORM, await this.page.form(actor, id, { typed, wish }));
    }
    return orFormAgain(
      async () => {
        await this.wording.introduce(actor, id, typed);
        return goneTo(addresses.surveys.page(this.words.shown(id))).saying(this.words.say('about.saved'));
      },
      async (refused) => ({ view: FORM, model: await this.page.form(actor, id, { typed, refused }) }),
    );
  }
}
