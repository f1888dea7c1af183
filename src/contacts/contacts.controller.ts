import { Body, Controller, Get, Param, Post, Render, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { type Actor, Me } from '../platform/auth/actor.js';
import { Can } from '../platform/auth/guard.js';
import { flash } from '../platform/web/flash.js';
import { form } from '../platform/web/form.js';
import { NO_ERRORS, orAgain } from '../platform/web/form_again.js';
import { nameOf } from './contact.entity.js';
import { ContactListsService } from './contact_lists.service.js';
import { ContactPages, fromForm } from './contact_pages.js';
import { ContactWords } from './contact_words.js';
import { writeContact } from './contacts.forms.js';
import type { TypedContact } from './contacts.forms.js';
import { ContactsService } from './contacts.service.js';
import { type Addition, DirectoryService } from './directory.service.js';

@Controller('contacts')
export class ContactsController {
  constructor(
    private readonly contacts: ContactsService,
    private readonly lists: ContactListsService,
    private readonly directory: DirectoryService,
    private readonly pages: ContactPages,
    private readonly words: ContactWords,
  ) {}

  @Get('lists/:list/contacts/new')
  @Can('directory:edit')
  @Render('contacts/contact_form')
  async new(@Me() actor: Actor, @Param('list') shown: string): Promise<object> {
    const list = await this.lists.mustFind(actor, this.words.listId(shown));
    return this.pages.addForm(list, undefined, NO_ERRORS);
  }

  @Post('lists/:list/contacts')
  @Can('directory:edit')
  async create(
    @Me() actor: Actor,
    @Param('list') shown: string,
    @Body(form(writeContact)) typed: TypedContact,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const list = await this.lists.mustFind(actor, this.words.listId(shown));
    await orAgain(
      response,
      async () => {
        const addition = await this.directory.add(actor, fromForm(typed), list.id);
        flash(request, 'success', this.words.say(`contact.${outcomeOf(addition)}`, { list: list.name }));
        response.redirect(303, this.words.listPath(list.id));
      },
      (errors) => Promise.resolve({ view: 'contacts/contact_form', model: this.pages.addForm(list, typed, errors) }),
    );
  }

  @Get(':contact')
  @Can('contacts:view')
  @Render('contacts/contact')
  async show(@Me() actor: Actor, @Param('contact') shown: string): Promise<object> {
    const id = this.words.contactId(shown);
    const contact = await this.contacts.mustFind(actor, id);
    const [memberships, suppression] = await Promise.all([
      this.contacts.memberships(actor, id),
      this.contacts.suppressionOf(actor.brandId, contact.email, this.words.now()),
    ]);
    return this.pages.show(actor, contact, { memberships, suppression });
  }

  @Get(':contact/edit')
  @Can('directory:edit')
  @Render('contacts/contact_form')
  async edit(@Me() actor: Actor, @Param('contact') shown: string): Promise<object> {
    const contact = await this.contacts.mustFind(actor, this.words.contactId(shown));
    return this.pages.editForm(contact, undefined, NO_ERRORS);
  }

  @Post(':contact/edit')
  @Can('directory:edit')
  async update(
    @Me() actor: Actor,
    @Param('contact') shown: string,
    @Body(form(writeContact)) typed: TypedContact,
    @Res() response: Response,
  ): Promise<void> {
    const contact = await this.contacts.mustFind(actor, this.words.contactId(shown));
    await orAgain(
      response,
      async () => {
        await this.directory.update(actor, contact.id, fromForm(typed, contact.embedded));
        response.redirect(303, this.words.contactPath(contact.id));
      },
      (errors) =>
        Promise.resolve({ view: 'contacts/contact_form', model: this.pages.editForm(contact, typed, errors) }),
    );
  }

  @Post(':contact/removal')
  @Can('directory:edit')
  async destroy(
    @Me() actor: Actor,
    @Param('contact') shown: string,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const contact = await this.contacts.mustFind(actor, this.words.contactId(shown));
    await this.directory.remove(actor, contact.id);
    flash(request, 'success', this.words.say('contact.removed', { name: nameOf(contact) }));
    response.redirect(303, '/contacts');
  }

  @Post(':contact/lists/:list/removal')
  @Can('directory:edit')
  async takeOff(
    @Me() actor: Actor,
    @Param('contact') contact: string,
    @Param('list') list: string,
    @Res() response: Response,
  ): Promise<void> {
    await this.directory.removeFromList(actor, this.words.contactId(contact), this.words.listId(list));
    response.redirect(303, `/contacts/${contact}`);
  }
}

function outcomeOf({ isNew, isAdded }: Addition): string {
  if (isNew) {
    return 'addedNew';
  }
  return isAdded ? 'addedKnown' : 'completed';
}
