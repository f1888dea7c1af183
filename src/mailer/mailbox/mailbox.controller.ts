import { Controller, Get, Header, Param, Post, Query, Redirect, Render } from '@nestjs/common';
import { Me } from '../../platform/auth/actor.js';
import type { Actor } from '../../platform/auth/actor.js';
import { Can } from '../../platform/auth/guard.js';
import { Clock } from '../../platform/clock.js';
import { Config } from '../../platform/config.js';
import { addresses } from '../../platform/web/addresses.js';
import { arrivedMails, mailHtml, mailPage, mailboxPage } from './mailbox.views.js';
import { MailboxService } from './mailbox.service.js';

const PAGE = 50;

// The mail is a stranger's document: it may show pictures and its own styles, and open links in a new tab; nothing else.
const MAIL_POLICY =
  "default-src 'none'; img-src https: http: data:; style-src 'unsafe-inline'; frame-ancestors 'self'; " +
  'sandbox allow-popups allow-popups-to-escape-sandbox';

/** The development mailbox. Mails hold individual links, so only people who may send mails may read them. */
@Controller('mailbox')
@Can('mailer:access')
export class MailboxController {
  constructor(
    private readonly mailbox: MailboxService,
    private readonly clock: Clock,
    private readonly config: Config,
  ) {}

  @Get()
  @Render('mailer/mailbox')
  async index(@Me() actor: Actor, @Query('before') before?: string): Promise<object> {
    const position = /^\d{1,18}$/.test(before ?? '') ? before : undefined;
    const mails = await this.mailbox.list(actor, PAGE, position);
    const list = { mails, size: PAGE, total: await this.mailbox.count(actor), position };
    return {
      ...mailboxPage(list, actor, this.clock.now()),
      isOnlyWay: this.config.keepsMails,
      keptDays: this.config.MAILBOX_KEEP_DAYS,
    };
  }

  /** What has come since the list was drawn; the list asks for it every few seconds. */
  @Get('arrivals')
  @Render('mailer/arrivals')
  async arrivals(@Me() actor: Actor, @Query('since') since = '0'): Promise<object> {
    const position = /^\d{1,18}$/.test(since) ? since : '0';
    return arrivedMails(await this.mailbox.since(actor, position), position, actor, this.clock.now());
  }

  @Get(':id')
  @Render('mailer/mail')
  async show(@Me() actor: Actor, @Param('id') id: string, @Query('as') as?: string): Promise<object> {
    return mailPage(await this.mailbox.open(actor, id), as, actor, this.clock.now());
  }

  @Get(':id/html')
  @Header('Content-Type', 'text/html; charset=utf-8')
  @Header('Content-Security-Policy', MAIL_POLICY)
  async html(@Me() actor: Actor, @Param('id') id: string): Promise<string> {
    return mailHtml(await this.mailbox.open(actor, id));
  }

  @Post('emptyings')
  @Redirect(addresses.mailer.mailbox(), 303)
  async empty(@Me() actor: Actor): Promise<void> {
    await this.mailbox.clear(actor);
  }
}
