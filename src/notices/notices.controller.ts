import { Body, Controller, Get, Post, Query, Render, Req } from '@nestjs/common';
import type { Request } from 'express';
import { type Actor, Me } from '../platform/auth/actor.js';
import { SignedIn } from '../platform/auth/guard.js';
import { addresses } from '../platform/web/addresses.js';
import { type Answer, goneTo } from '../platform/web/answers.js';
import { form } from '../platform/web/form.js';
import { Id } from '../platform/web/id_param.js';
import { leaveIdle } from '../platform/web/session/session_store.js';
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
  async readAll(@Me() actor: Actor): Promise<Answer> {
    await this.notices.readAll(actor);
    return goneTo(addresses.notices.list()).saying(this.words.say('allRead'));
  }

  @Post('notices/:notice/reading')
  async read(@Me() actor: Actor, @Id('NT', 'notice') noticeId: string): Promise<Answer> {
    await this.notices.read(actor, noticeId);
    return goneTo(addresses.notices.list());
  }

  @Get('account/notices')
  @Render('notices/settings')
  settings(@Me() actor: Actor): Promise<object> {
    return this.page.settings(actor);
  }

  @Post('account/notices')
  async choose(@Me() actor: Actor, @Body(form(chooseNotices)) choices: NoticeChoice[]): Promise<Answer> {
    await this.notices.choose(actor, choices);
    return goneTo(addresses.notices.settings()).saying(this.words.say('settings.saved'));
  }
}
