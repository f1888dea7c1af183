import { Controller, Get, Param, Query, Render } from '@nestjs/common';
import { type Actor, Me } from '../../platform/auth/actor.js';
import { Can } from '../../platform/auth/guard.js';
import { ContactMailsPage } from './contact_mails_page.js';

/** What went to one contact: a page of its own, and a part of the contact's page. */
@Controller('contacts/:contact/mails')
export class ContactMailsController {
  constructor(private readonly page: ContactMailsPage) {}

  @Get()
  @Can('contacts:view')
  @Render('distributions/contact_mails')
  show(@Me() actor: Actor, @Param('contact') contact: string, @Query('after') after?: string): Promise<object> {
    return this.page.show(actor, contact, after);
  }
}
