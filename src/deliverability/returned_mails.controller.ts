import { Body, Controller, Get, Header, Param, Post, Render, Res } from '@nestjs/common';
import type { Response } from 'express';
import type { z } from 'zod';
import { type Actor, Me } from '../platform/auth/actor.js';
import { Can } from '../platform/auth/guard.js';
import { addresses } from '../platform/web/addresses.js';
import { type Answer, goneTo } from '../platform/web/answers.js';
import { form } from '../platform/web/form.js';
import { EmailFrames } from './email_frames.js';
import { ReturnedPage } from './returned_page.js';
import { ReturnedSource } from './returned_source.js';
import { chooseCarried } from './returns.forms.js';

/** The mails that came back, one by one, and what of replies goes on to authors. */
@Controller('brand/email/returned')
@Can('brand:admin')
export class ReturnedMailsController {
  constructor(
    private readonly source: ReturnedSource,
    private readonly page: ReturnedPage,
    private readonly frames: EmailFrames,
  ) {}

  @Post('forwarding')
  async forward(
    @Me() actor: Actor,
    @Body(form(chooseCarried)) { carries }: z.infer<typeof chooseCarried>,
  ): Promise<Answer> {
    await this.page.choose(actor, carries);
    return goneTo(addresses.deliverability.returned()).saying(this.frames.say('forwarding.chosen'));
  }

  @Get(':id')
  @Render('deliverability/source')
  @Header('Cache-Control', 'private, no-store')
  show(@Me() actor: Actor, @Param('id') id: string): Promise<object> {
    return this.source.show(actor, id);
  }

  /** Nothing of a stranger's mail is ever opened by the browser: it is a file, whatever its words pretend to be. */
  @Get(':id/mail.eml')
  async download(@Me() actor: Actor, @Param('id') id: string, @Res() response: Response): Promise<void> {
    const mail = await this.source.file(actor, id);
    response
      .attachment(`mail-${id}.eml`)
      .type('message/rfc822')
      .setHeader('Cache-Control', 'private, no-store')
      .setHeader('X-Content-Type-Options', 'nosniff')
      .setHeader('Content-Security-Policy', "default-src 'none'; sandbox")
      .send(mail);
  }
}
