import { Body, Controller, Param, Post, Res } from '@nestjs/common';
import type { Response } from 'express';
import { type Actor, Me } from '../platform/auth/actor.js';
import { Can } from '../platform/auth/guard.js';
import { form } from '../platform/web/form.js';
import { ContactWords } from './contact_words.js';
import { optOutOf } from './contacts.forms.js';
import { DirectoryService } from './directory.service.js';

/** What somebody who works here decides in a contact's name; the contact's own opt-outs come by link. */
@Controller('contacts/:contact')
@Can('directory:edit')
export class ContactOptOutsController {
  constructor(
    private readonly directory: DirectoryService,
    private readonly words: ContactWords,
  ) {}

  @Post('opt-outs')
  async create(
    @Me() actor: Actor,
    @Param('contact') contact: string,
    @Body(form(optOutOf)) { list }: { list: string },
    @Res() response: Response,
  ): Promise<void> {
    await this.decide(actor, contact, list, true);
    response.redirect(303, `/contacts/${contact}`);
  }

  @Post('opt-ins')
  async destroy(
    @Me() actor: Actor,
    @Param('contact') contact: string,
    @Body(form(optOutOf)) { list }: { list: string },
    @Res() response: Response,
  ): Promise<void> {
    await this.decide(actor, contact, list, false);
    response.redirect(303, `/contacts/${contact}`);
  }

  private decide(actor: Actor, contact: string, list: string, isOut: boolean): Promise<void> {
    const listId = list === '' ? null : this.words.listId(list);
    return this.directory.decideOptOut(actor, this.words.contactId(contact), listId, isOut);
  }
}
