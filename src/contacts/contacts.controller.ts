import { Body, Controller, Get, Post, Render } from '@nestjs/common';
import { type Actor, Me } from '../platform/auth/actor.js';
import { Can } from '../platform/auth/guard.js';
import { addresses } from '../platform/web/addresses.js';
import { type Answer, goneTo, NO_FAULTS, orFormAgain } from '../platform/web/answers.js';
import { form } from '../platform/web/form.js';
import { Id } from '../platform/web/id_param.js';
import { nameOf } from './contact.entity.js';
import { ContactListsService } from './lists/contact_lists.service.js';
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
  async new(@Me() actor: Actor, @Id('CG', 'list') listId: string): Promise<object> {
    const list = await this.lists.mustFind(actor, listId);
    return this.pages.addForm(list, undefined, NO_FAULTS);
  }

  @Post('lists/:list/contacts')
  @Can('directory:edit')
  async create(
    @Me() actor: Actor,
    @Id('CG', 'list') listId: string,
    @Body(form(writeContact)) typed: TypedContact,
  ): Promise<Answer> {
    const list = await this.lists.mustFind(actor, listId);
    return orFormAgain(
      async () => {
        const addition = await this.directory.add(actor, fromForm(typed), listId);
        const news = this.words.say(`contact.${outcomeOf(addition)}`, { list: list.name });
        return goneTo(addresses.contacts.list(this.words.shown('CG', listId))).saying(news);
      },
      (faults) => ({ view: 'contacts/contact_form', model: this.pages.addForm(list, typed, faults) }),
    );
  }

  @Get(':contact')
  @Can('contacts:view')
  @Render('contacts/contact')
  async show(@Me() actor: Actor, @Id('CID', 'contact') contactId: string): Promise<object> {
    const contact = await this.contacts.mustFind(actor, contactId);
    const [memberships, suppression] = await Promise.all([
      this.contacts.memberships(actor, contactId),
      this.contacts.suppressionOf(actor.brandId, contact.email, this.words.now()),
    ]);
    return this.pages.show(actor, contact, { memberships, suppression });
  }

  @Get(':contact/edit')
  @Can('directory:edit')
  @Render('contacts/contact_form')
  async edit(@Me() actor: Actor, @Id('CID', 'contact') contactId: string): Promise<object> {
    const contact = await this.contacts.mustFind(actor, contactId);
    return this.pages.editForm(contact, undefined, NO_FAULTS);
  }

  @Post(':contact/edit')
  @Can('directory:edit')
  async update(
    @Me() actor: Actor,
    @Id('CID', 'contact') contactId: string,
    @Body(form(writeContact)) typed: TypedContact,
  ): Promise<Answer> {
    const contact = await this.contacts.mustFind(actor, contactId);
    return orFormAgain(
      async () => {
        await this.directory.update(actor, contactId, fromForm(typed, contact.embedded));
        return goneTo(addresses.contacts.page(this.words.shown('CID', contactId)));
      },
      (faults) => ({ view: 'contacts/contact_form', model: this.pages.editForm(contact, typed, faults) }),
    );
  }

  @Post(':contact/removal')
  @Can('directory:edit')
  async destroy(@Me() actor: Actor, @Id('CID', 'contact') contactId: string): Promise<Answer> {
    const contact = await this.contacts.mustFind(actor, contactId);
    await this.directory.remove(actor, contactId);
    return goneTo(addresses.contacts.lists()).saying(this.words.say('contact.removed', { name: nameOf(contact) }));
  }

  @Post(':contact/lists/:list/removal')
  @Can('directory:edit')
  async takeOff(
    @Me() actor: Actor,
    @Id('CID', 'contact') contactId: string,
    @Id('CG', 'list') listId: string,
  ): Promise<Answer> {
    await this.directory.removeFromList(actor, contactId, listId);
    return goneTo(addresses.contacts.page(this.words.shown('CID', contactId)));
  }
}

function outcomeOf({ isNew, isAdded }: Addition): string {
  if (isNew) {
    return 'addedNew';
  }
  return isAdded ? 'addedKnown' : 'completed';
}
