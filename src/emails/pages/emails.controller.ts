import { Body, Controller, Get, Header, Param, Post, Query, Render, Res } from '@nestjs/common';
import type { Response } from 'express';
import { type Actor, Me } from '../../platform/auth/actor.js';
import { Can } from '../../platform/auth/guard.js';
import { addresses } from '../../platform/web/addresses.js';
import { type Answer, goneTo } from '../../platform/web/answers.js';
import { sendCsv } from '../../platform/web/csv_download.js';
import { form } from '../../platform/web/form.js';
import { Id } from '../../platform/web/id_param.js';
import { EmailPage } from './email_page.js';
import { type EmailAddress, EmailsPage } from '../../distributions/emails_page.js';
import { chooseView, type RecipientsForm, showRecipients } from './emails.forms.js';
import type { ListViewName } from '../../distributions/list_view.js';
import { History } from '../../ledger/recipients/history.js';
import { MAIL_POLICY } from './mail_policy.js';
import { MessagePage } from './message_page.js';

/** The mails of a survey: the list, one of them, its recipients. Nothing here changes a mail. */
@Controller('surveys/:id/distributions/emails')
@Can('distributions:access')
export class EmailsController {
  constructor(
    private readonly emails: EmailsPage,
    private readonly email: EmailPage,
    private readonly message: MessagePage,
    private readonly history: History,
  ) {}

  @Get()
  @Render('distributions/index')
  index(@Me() actor: Actor, @Id('SV') surveyId: string, @Query('after') after?: string): Promise<object> {
    return this.emails.show(actor, surveyId, after);
  }

  /** How the list is shown is remembered for the person, wherever they sign in. */
  @Post('view/choice')
  async chooseView(
    @Me() actor: Actor,
    @Id('SV') surveyId: string,
    @Body(form(chooseView)) { view }: { view: ListViewName },
  ): Promise<Answer> {
    await this.emails.chooseView(actor, surveyId, view);
    return goneTo(addresses.mails.list(this.emails.words.shownSurvey(surveyId)));
  }

  @Get(':email')
  @Render('distributions/show')
  show(
    @Me() actor: Actor,
    @Param() address: EmailAddress,
    @Query(form(showRecipients)) wish: RecipientsForm,
  ): Promise<object> {
    return this.email.show(actor, address, wish);
  }

  /** What changed since an open page was drawn. */
  @Get(':email/now')
  @Render('distributions/moved')
  now(
    @Me() actor: Actor,
    @Param() address: EmailAddress,
    @Query() { was, on }: { was?: string; on?: string },
    @Query(form(showRecipients)) wish: RecipientsForm,
  ): Promise<object> {
    return this.email.now(actor, address, { was, on, wish });
  }

  @Get(':email/mail')
  @Render('distributions/mail')
  mail(
    @Me() actor: Actor,
    @Param() address: EmailAddress,
    @Query() { as, version }: { as?: string; version?: string },
  ): Promise<object> {
    return this.email.mail(actor, address, { as, version });
  }

  @Get(':email/mail/html')
  @Header('Content-Type', 'text/html; charset=utf-8')
  @Header('Content-Security-Policy', MAIL_POLICY)
  mailHtml(
    @Me() actor: Actor,
    @Param() address: EmailAddress,
    @Query() { sample, version }: { sample?: string; version?: string },
  ): Promise<string> {
    return this.email.mailHtml(actor, address, /^\d{1,4}$/.test(sample ?? '') ? Number(sample) : 0, version);
  }

  @Get(':email/messages/:message')
  @Render('distributions/message')
  showMessage(
    @Me() actor: Actor,
    @Param() { message, ...address }: EmailAddress & { message: string },
  ): Promise<object> {
    return this.message.show(actor, address, message);
  }

  @Get(':email/history.csv')
  async download(@Me() actor: Actor, @Param() address: EmailAddress, @Res() response: Response): Promise<void> {
    const { distribution } = await this.emails.mustFind(actor, address);
    await sendCsv(response, `history_${address.email}.csv`, this.history.lines(actor, distribution));
  }
}
