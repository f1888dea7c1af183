import { Body, Controller, Get, Param, Post, Render, Req } from '@nestjs/common';
import type { Request } from 'express';
import { type Actor, Me } from '../../platform/auth/actor.js';
import { Can } from '../../platform/auth/guard.js';
import { DomainError } from '../../platform/errors.js';
import { type Answer, drawn, goneTo, ledTo } from '../../platform/web/answers.js';
import { MB, Takes } from '../../platform/web/bodies/contract.js';
import { form, parsed } from '../../platform/web/form.js';
import { leaveWayBack } from '../../platform/web/session/way_back.js';
import { DistributionWords } from '../../ledger/distribution_words.js';
import { type EmailAddress, EmailsPage } from '../../distributions/emails_page.js';
import { pressButton, writeMail } from '../compose/compositions.forms.js';
import { drawnForm } from '../compose/drawn_form.js';
import { statusOf } from '../compose/refused_status.js';
import { type NewList, newList } from './detours.forms.js';
import type { Interrupted } from './detours.service.js';
import { leaveFor } from './leaving.js';
import { NewLists } from './new_lists.js';

/** A new list while a mail is written: from the dialog of its form, or from a page of its own where there is no script. */
@Controller('surveys/:id/distributions/emails')
@Can('distributions:send')
export class DetoursController {
  constructor(
    private readonly lists: NewLists,
    private readonly emails: EmailsPage,
    private readonly words: DistributionWords,
  ) {}

  /** From the dialog: answers with parts of the page, or leads to the import. */
  @Post('lists')
  @Takes({ bytes: 4 * MB })
  async make(@Me() actor: Actor, @Param('id') id: string, @Req() request: Request): Promise<Answer> {
    const wish = parsed(newList, request.body);
    const { mail, formKey } = this.interrupted(id, request.body);
    try {
      const made = await this.lists.make(actor, mail, wish);
      if (made.detour?.wayBack === undefined) {
        const parts = await this.lists.parts(actor, made, formKey);
        return drawn('distributions/detours/list_made', parts, 200, { 'HX-Replace-Url': made.editUrl });
      }
      await leaveWayBack(request, made.detour.wayBack);
      return ledTo(made.detour.path);
    } catch (error) {
      if (!(error instanceof DomainError)) {
        throw error;
      }
      const fields = this.lists.pages.fields(actor, wish, error);
      return drawn('distributions/detours/list_refused', fields, statusOf(error));
    }
  }

  @Get(':email/lists/new')
  @Render('distributions/detours/new_list')
  async new(@Me() actor: Actor, @Param() address: EmailAddress): Promise<object> {
    return this.lists.pages.page(actor, await this.emails.mustFind(actor, address));
  }

  @Post(':email/lists')
  @Takes({ bytes: 4 * MB })
  async create(
    @Me() actor: Actor,
    @Param() address: EmailAddress,
    @Body(form(newList)) wish: NewList,
    @Req() request: Request,
  ): Promise<Answer> {
    const found = await this.emails.mustFind(actor, address);
    try {
      const { detour, notice, editUrl } = await this.lists.makeForDraft(actor, found.distribution, wish);
      return detour === undefined ? goneTo(editUrl).saying(notice) : await leaveFor(request, detour);
    } catch (error) {
      if (!(error instanceof DomainError)) {
        throw error;
      }
      const page = await this.lists.pages.page(actor, found, { wish, error });
      return drawn('distributions/detours/new_list', page, statusOf(error));
    }
  }

  /** The mail as its form stands. */
  private interrupted(id: string, body: unknown): { mail: Interrupted; formKey: string } {
    const pressed = { ...parsed(pressButton, body), go: '' };
    const draft = pressed.draft === '' ? undefined : this.words.idOf(pressed.draft);
    const mail = {
      surveyId: this.words.surveyIdOf(id),
      written: parsed(writeMail, body),
      drawn: drawnForm(pressed, draft),
    };
    return { mail, formKey: pressed.formKey };
  }
}
