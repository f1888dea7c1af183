import { Body, Controller, Get, Header, HttpCode, Param, Post, Query, Render, Req } from '@nestjs/common';
import type { Request } from 'express';
import { type Actor, Me } from '../../platform/auth/actor.js';
import { Can } from '../../platform/auth/guard.js';
import { addresses } from '../../platform/web/addresses.js';
import { type Answer, drawn, type Faults, goneTo, NO_FAULTS, orFormAgain } from '../../platform/web/answers.js';
import { form, parsed } from '../../platform/web/form.js';
import { Id } from '../../platform/web/id_param.js';
import { MAIL_POLICY } from '../pages/mail_policy.js';
import { ComposeChecks } from './compose_checks.js';
import { ComposeForm } from './compose_form.js';
import { ComposePages } from './compose_pages.js';
import { drawnForm } from './drawn_form.js';
import { beginMail, type Pressed, pressButton, writeMail, type Written } from './compositions.forms.js';
import { ComposeButtons } from './compose_buttons.js';
import { DistributionWords } from '../../ledger/distribution_words.js';
import type { Distribution } from '../../ledger/distribution.entity.js';
import { type EmailAddress, EmailsPage } from '../../distributions/emails_page.js';
import { leaveFor } from '../detours/leaving.js';
import { takeWayBack } from '../../platform/web/session/way_back.js';
import { MailDrafts } from './mail_drafts.js';
import { type PreviewedAs, previewDocument } from '../pages/preview_document.js';

/** Writing a mail: the form, what it looks like, what is missing, and keeping it as a draft. Nothing is sent from here. */
@Controller('surveys/:id/distributions/emails')
@Can('distributions:send')
export class CompositionsController {
  constructor(
    private readonly pages: ComposePages,
    private readonly composeForm: ComposeForm,
    private readonly beside: ComposeChecks,
    private readonly drafts: MailDrafts,
    private readonly buttons: ComposeButtons,
    private readonly emails: EmailsPage,
    private readonly words: DistributionWords,
  ) {}

  @Get('new')
  @Render('distributions/new')
  async create(
    @Me() actor: Actor,
    @Param('id') id: string,
    @Query(form(beginMail)) { copy, to }: { copy?: string | undefined; to: string },
  ): Promise<object> {
    const model = copy === undefined ? undefined : await this.emails.mustFind(actor, { id, email: copy });
    return this.pages.fresh(actor, this.words.surveyIdOf(id), model?.distribution, to);
  }

  @Post()
  async save(@Me() actor: Actor, @Param('id') id: string, @Req() request: Request): Promise<Answer> {
    const { draft } = parsed(pressButton, request.body);
    const before = draft === '' ? undefined : (await this.emails.mustFind(actor, { id, email: draft })).distribution;
    if (before !== undefined) {
      this.drafts.mustBeEditable(before);
    }
    return this.keep(actor, this.words.surveyIdOf(id), request, before);
  }

  @Post('checks')
  @HttpCode(200)
  @Render('distributions/checked')
  checks(
    @Me() actor: Actor,
    @Id('SV') surveyId: string,
    @Body(form(writeMail)) written: Written,
    @Body(form(pressButton)) { sample }: Pressed,
  ): Promise<object> {
    return this.beside.of(actor, surveyId, written, { wish: sample });
  }

  /** A whole document for the frame, under a policy of its own. */
  @Post('preview')
  @HttpCode(200)
  @Header('Content-Type', 'text/html; charset=utf-8')
  @Header('Content-Security-Policy', MAIL_POLICY)
  async preview(
    @Me() actor: Actor,
    @Id('SV') surveyId: string,
    @Body(form(writeMail)) written: Written,
    @Body(form(pressButton)) { sample }: Pressed,
    @Body('as') as?: string,
  ): Promise<string> {
    return previewDocument(await this.beside.preview(actor, surveyId, written, sample), asOf(as));
  }

  @Get(':email/edit')
  @Render('distributions/new')
  async edit(@Me() actor: Actor, @Param() address: EmailAddress, @Req() request: Request): Promise<object> {
    // First, so that a way to a mail that is gone ends, too.
    const { fromDomain } = takeWayBack(request, request.path.replace(/\/edit$/, ''));
    const { distribution } = await this.emails.mustFind(actor, address);
    this.drafts.mustBeEditable(distribution);
    return this.pages.edit(actor, distribution, { fromDomain });
  }

  @Post(':email')
  async update(@Me() actor: Actor, @Param() address: EmailAddress, @Req() request: Request): Promise<Answer> {
    const { distribution } = await this.emails.mustFind(actor, address);
    this.drafts.mustBeEditable(distribution);
    return this.keep(actor, distribution.surveyId, request, distribution);
  }

  /** Keeps the draft first where the button does more: nothing that was written is lost by a test or a refusal. */
  private async keep(actor: Actor, surveyId: string, request: Request, before?: Distribution): Promise<Answer> {
    const written = parsed(writeMail, request.body);
    const pressed = parsed(pressButton, request.body);
    const { go, testTo, sample } = pressed;
    const asDrawn = drawnForm(pressed, before?.id);
    const again = async (shown: Written, refused: Faults, notice?: string): Promise<object> =>
      this.composeForm.draw(actor, surveyId, shown, {
        refused,
        testTo,
        sample,
        notice,
        drawn: asDrawn,
        ...(before ? { distribution: before } : {}),
      });
    return orFormAgain(
      async () => {
        if (go === 'activate') {
          await this.buttons.activate(actor, surveyId);
        }
        const detour = await this.buttons.leaving(actor, { surveyId, written, drawn: asDrawn }, go);
        if (detour !== undefined) {
          return leaveFor(request, detour);
        }
        const changed = await this.buttons.changed(actor, written, pressed);
        if (changed !== undefined) {
          return drawn('distributions/new', await again(changed.written, NO_FAULTS, changed.notice));
        }
        const kept = await this.drafts.keep(actor, surveyId, written, {
          testTo: go === 'test' ? testTo : undefined,
          sample,
          drawn: asDrawn,
          offSchedule: go === 'unschedule',
        });
        const next = goneTo(addresses.mails[pageAfter(go)](...this.words.at(kept.distribution)));
        kept.news.forEach(({ kind, text }) => next.saying(text, kind));
        return next;
      },
      async (refused) => ({ view: 'distributions/new', model: await again(written, refused) }),
    );
  }
}

/** The check, for the buttons that are about it. */
function pageAfter(button: string): 'review' | 'edit' {
  return button === 'review' || button === 'activate' ? 'review' : 'edit';
}

function asOf(wish: string | undefined): PreviewedAs | undefined {
  return wish === 'text' || wish === 'dark' ? wish : undefined;
}
