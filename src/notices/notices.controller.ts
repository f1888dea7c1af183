import { Body, Controller, Get, Param, Post, Query, Render, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { type Actor, Me } from '../platform/auth/actor.js';
import { SignedIn } from '../platform/auth/guard.js';
import { flash } from '../platform/web/flash.js';
import { form } from '../platform/web/form.js';
import { leaveIdle } from '../platform/web/session_store.js';
import { NoticeWords } from './notice_words.js';
import { chooseNotices, seekNotices } from './notices.forms.js';
import { NoticesPage } from './notices_page.js';
import { type NoticeChoice, NoticesService } from './notices.service.js';

/** One's own notices: everybody sees theirs and nobody else's. */
@Controller()
@SignedIn()
export class NoticesController {
  constructor(
    private readonly notices: NoticesService,
    private readonly page: NoticesPage,
    private readonly words: NoticeWords,
  ) {}

  @Get('notices')
  @Render('notices/index')
  index(@Me() actor: Actor, @Query(form(seekNotices)) { after }: { after?: string | undefined }): Promise<object> {
    return this.page.index(actor, after);
  }

  /** Every open page asks for it by itself: that keeps nobody signed in. */
  @Get('notices/bell')
  @Render('notices/_bell')
  bell(@Me() actor: Actor, @Req() request: Request): Promise<object> {
    leaveIdle(request.session);
    return this.page.bell(actor);
  }

  @Post('notices/readings')
  async readAll(@Me() actor: Actor, @Req() request: Request, @Res() response: Response): Promise<void> {
    await this.notices.readAll(actor);
    flash(request, 'success', this.words.say('allRead'));
    response.redirect(303, '/notices');
  }

  @Post('notices/:notice/reading')
  async read(@Me() actor: Actor, @Param('notice') shown: string, @Res() response: Response): Promise<void> {
    await this.notices.read(actor, this.page.idOf(shown));
    response.redirect(303, '/notices');
  }

  @Get('account/notices')
  @Render('notices/settings')
  settings(@Me() actor: Actor): Promise<object> {
    return this.page.settings(actor);
  }

  @Post('account/notices')
  async choose(
    @Me() actor: Actor,
    @Body(form(chooseNotices)) choices: NoticeChoice[],
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    await this.notices.choose(actor, choices);
    flash(request, 'success', this.words.say('settings.saved'));
    response.redirect(303, '/account/notices');
  }
}
