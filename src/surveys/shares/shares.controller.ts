import { Body, Controller, Get, Post, Render } from '@nestjs/common';
import { type Actor, Me } from '../../platform/auth/actor.js';
import { SignedIn } from '../../platform/auth/guard.js';
import { Ids } from '../../platform/ids.js';
import { addresses } from '../../platform/web/addresses.js';
import { type Answer, goneTo, orFormAgain } from '../../platform/web/answers.js';
import { parsed } from '../../platform/web/form.js';
import { Id } from '../../platform/web/id_param.js';
import { SharesPage } from './shares_page.js';
import { SharesService } from './shares.service.js';
import { SurveyWords } from '../survey_words.js';
import { shareSurvey, shareSurveyWith } from '../surveys.forms.js';

/** With whom a survey is shared, and what they may do. */
@Controller('surveys/:id/sharing')
@SignedIn()
export class SharesController {
  constructor(
    private readonly shares: SharesService,
    private readonly page: SharesPage,
    private readonly words: SurveyWords,
    private readonly ids: Ids,
  ) {}

  @Get()
  @Render('surveys/sharing')
  index(@Me() actor: Actor, @Id('SV') id: string): Promise<object> {
    return this.page.show(actor, id);
  }

  @Post()
  create(@Me() actor: Actor, @Id('SV') id: string, @Body() body: Record<string, unknown>): Promise<Answer> {
    return orFormAgain(
      async () => {
        const { person, ...share } = parsed(shareSurveyWith, body);
        const name = await this.shares.share(actor, id, this.ids.tryRead('UR', person) ?? '0', share);
        return this.back(id, this.words.say('sharing.shared', { name }));
      },
      async (faults) => ({ view: 'surveys/sharing', model: await this.page.show(actor, id, faults) }),
    );
  }

  @Post(':person')
  async update(
    @Me() actor: Actor,
    @Id('SV') id: string,
    @Id('UR', 'person') personId: string,
    @Body() body: Record<string, unknown>,
  ): Promise<Answer> {
    const name = await this.shares.share(actor, id, personId, parsed(shareSurvey, body));
    return this.back(id, this.words.say('sharing.changed', { name }));
  }

  @Post(':person/remove')
  async destroy(@Me() actor: Actor, @Id('SV') id: string, @Id('UR', 'person') personId: string): Promise<Answer> {
    const name = await this.shares.unshare(actor, id, personId);
    return this.back(id, this.words.say('sharing.removed', { name }));
  }

  private back(id: string, words: string): Answer {
    return goneTo(addresses.surveys.sharing(this.words.shown(id))).saying(words);
  }
}
