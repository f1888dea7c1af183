import { Body, Controller, Get, Param, Post, Render, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { type Actor, Me } from '../platform/auth/actor.js';
import { SignedIn } from '../platform/auth/guard.js';
import { Ids } from '../platform/ids.js';
import { flash } from '../platform/web/flash.js';
import { parsed } from '../platform/web/form.js';
import { orAgain } from '../platform/web/form_again.js';
import { SharesPage } from './shares_page.js';
import { SharesService } from './shares.service.js';
import { SurveyWords } from './survey_words.js';
import { shareSurvey, shareSurveyWith } from './surveys.forms.js';

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
  index(@Me() actor: Actor, @Param('id') id: string): Promise<object> {
    return this.page.show(actor, this.words.idOf(id));
  }

  @Post()
  async create(
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
        const { person, ...share } = parsed(shareSurveyWith, body);
        const name = await this.shares.share(actor, id, this.ids.tryRead('UR', person) ?? '0', share);
        this.back(request, response, id, this.words.say('sharing.shared', { name }));
      },
      async (errors) => ({ view: 'surveys/sharing', model: await this.page.show(actor, id, errors) }),
    );
  }

  @Post(':person')
  async update(
    @Me() actor: Actor,
    @Param() { id: shown, person }: { id: string; person: string },
    @Body() body: Record<string, unknown>,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const id = this.words.idOf(shown);
    const name = await this.shares.share(actor, id, this.ids.read('UR', person), parsed(shareSurvey, body));
    this.back(request, response, id, this.words.say('sharing.changed', { name }));
  }

  @Post(':person/remove')
  async destroy(
    @Me() actor: Actor,
    @Param() { id: shown, person }: { id: string; person: string },
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const id = this.words.idOf(shown);
    const name = await this.shares.unshare(actor, id, this.ids.read('UR', person));
    this.back(request, response, id, this.words.say('sharing.removed', { name }));
  }

  private back(request: Request, response: Response, id: string, words: string): void {
    flash(request, 'success', words);
    response.redirect(303, this.words.path(id, '/sharing'));
  }
}
