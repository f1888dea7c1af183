import { Body, Controller, Delete, Get, Param, Post, Put, Query, Req } from '@nestjs/common';
import type { Request } from 'express';
import { InEnvelope, Ok } from '../platform/api/envelope.js';
import { type ElementsPage, pageOf, positionOf } from '../platform/api/paging.js';
import { Me } from '../platform/auth/actor.js';
import type { Actor } from '../platform/auth/actor.js';
import { Can } from '../platform/auth/guard.js';
import { Config } from '../platform/config.js';
import { Ids } from '../platform/ids.js';
import { form } from '../platform/web/form.js';
import { ContactListsService } from './lists/contact_lists.service.js';
import { ContactWrites } from './contact_writes.js';
import { contactAnswer, mustBeOwnDirectory, readContactId, wholeContactAnswer } from './contacts.answers.js';
import { putContact } from './contacts.forms.js';
import type { PutContact } from './contacts.forms.js';
import { ContactsService } from './contacts.service.js';

/** Where a request points to. */
interface Place {
  directory: string;
  list: string;
  contact: string;
}

/** The people of a list; adding somebody whom the directory knows completes the entry instead of making a second one. */
@Controller('API/v3/directories/:directory/mailinglists/:list/contacts')
@Can('api:access')
@InEnvelope()
export class ListContactsApi {
  constructor(
    private readonly lists: ContactListsService,
    private readonly contacts: ContactsService,
    private readonly writes: ContactWrites,
    private readonly ids: Ids,
    private readonly config: Config,
  ) {}

  @Get()
  async index(
    @Me() actor: Actor,
    @Param() place: Place,
    @Query() query: Record<string, string | undefined>,
    @Req() request: Request,
  ): Promise<ElementsPage<object>> {
    const listId = await this.listOf(actor, place);
    const position = positionOf(query);
    const rows = await this.contacts.list(actor, { ...position, listId });
    const show = (contact: (typeof rows)[number]): object => contactAnswer(this.ids, contact);
    return pageOf(request, this.config.baseUrl, { rows, position, idOf: ({ id }) => id, show });
  }

  @Post()
  @Ok()
  async create(
    @Me() actor: Actor,
    @Param() place: Place,
    @Body(form(putContact)) body: PutContact,
    @Req() request: Request,
  ): Promise<object> {
    const { id, notice } = await this.writes.create(actor, body, await this.listOf(actor, place));
    request.notice = notice;
    return { id: this.ids.show('CID', id), contactLookupId: this.ids.show('MLRP', id) };
  }

  @Get(':contact')
  async show(@Me() actor: Actor, @Param() place: Place): Promise<object> {
    const listId = await this.listOf(actor, place);
    const id = readContactId(this.ids, place.contact);
    const found = await this.contacts.mustFind(actor, id, listId);
    return wholeContactAnswer(this.ids, found, await this.contacts.memberships(actor, id));
  }

  @Put(':contact')
  async update(
    @Me() actor: Actor,
    @Param() place: Place,
    @Body(form(putContact)) body: PutContact,
    @Req() request: Request,
  ): Promise<void> {
    const listId = await this.listOf(actor, place);
    request.notice = (await this.writes.update(actor, readContactId(this.ids, place.contact), body, listId)).notice;
  }

  /** Takes the person off the list; the directory keeps it. */
  @Delete(':contact')
  async destroy(@Me() actor: Actor, @Param() place: Place): Promise<void> {
    const listId = await this.listOf(actor, place);
    await this.writes.remove(actor, readContactId(this.ids, place.contact), listId);
  }

  private async listOf(actor: Actor, { directory, list }: Place): Promise<string> {
    mustBeOwnDirectory(this.ids, actor, directory);
    return (await this.lists.mustFind(actor, this.ids.read('CG', list))).id;
  }
}
