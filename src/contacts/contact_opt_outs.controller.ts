import { Body, Controller, Post } from '@nestjs/common';
import { type Actor, Me } from '../platform/auth/actor.js';
import { Can } from '../platform/auth/guard.js';
import { addresses } from '../platform/web/addresses.js';
import { type Answer, goneTo } from '../platform/web/answers.js';
import { form } from '../platform/web/form.js';
import { Id } from '../platform/web/id_param.js';
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
    @Id('CID', 'contact') contactId: string,
    @Body(form(optOutOf)) { list }: { list: string },
  ): Promise<Answer> {
    await this.directory.decideOptOut(actor, contactId, this.listIn(list), true);
    return goneTo(addresses.contacts.page(this.words.shown('CID', contactId)));
  }

  @Post('opt-ins')
  async destroy(
    @Me() actor: Actor,
    @Id('CID', 'contact') contactId: string,
    @Body(form(optOutOf)) { list }: { list: string },
  ): Promise<Answer> {
    await this.directory.decideOptOut(actor, contactId, this.listIn(list), false);
    return goneTo(addresses.contacts.page(this.words.shown('CID', contactId)));
  }

  /** Without a list it is about the whole brand. */
  private listIn(shown: string): string | null {
    return shown === '' ? null : this.words.listId(shown);
  }
}
