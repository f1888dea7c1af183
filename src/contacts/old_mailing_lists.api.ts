import { Body, Controller, Delete, Get, Param, Post, Put, Query, Req } from '@nestjs/common';
import type { Request } from 'express';
import type { z } from 'zod';
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
import { oldContactAnswer, oldListAnswer, readContactId, readListId } from './contacts.answers.js';
import { putContact, putList } from './contacts.forms.js';
import type { PutContact } from './contacts.forms.js';
import { ContactsService } from './contacts.service.js';

type Position = Record<string, string | undefined>;

/** The same lists as clients from before directories know them. */
@Controller('API/v3/mailinglists')
@Can('api:access')
@InEnvelope()
export class OldMailingListsApi {
  constructor(
    private readonly lists: ContactListsService,
    private readonly contacts: ContactsService,
    private readonly writes: ContactWrites,
    private readonly ids: Ids,
    private readonly config: Config,
  ) {}

  @Get()
  async index(@Me() actor: Actor, @Query() query: Position, @Req() request: Request): Promise<ElementsPage<object>> {
    const position = positionOf(query, { byOffset: true });
    const rows = await this.lists.list(actor, position);
    const show = (list: (typeof rows)[number]): object => oldListAnswer(this.ids, list);
    return pageOf(request, this.config.baseUrl, { rows, position, idOf: ({ id }) => id, show });
  }

  @Post()
  @Ok()
  async create(
    @Me() actor: Actor,
    @Body(form(putList)) { name, publicName }: z.infer<typeof putList>,
  ): Promise<object> {
    return { id: this.ids.show('ML', (await this.lists.create(actor, name, publicName)).id) };
  }

  @Get(':list')
  async show(@Me() actor: Actor, @Param('list') list: string): Promise<object> {
    return oldListAnswer(this.ids, await this.lists.mustFind(actor, readListId(this.ids, list)));
  }

  @Put(':list')
  async update(
    @Me() actor: Actor,
    @Param('list') list: string,
    @Body(form(putList)) { name, publicName }: z.infer<typeof putList>,
  ): Promise<void> {
    await this.lists.rename(actor, readListId(this.ids, list), name, publicName);
  }

  @Delete(':list')
  async destroy(@Me() actor: Actor, @Param('list') list: string): Promise<void> {
    await this.lists.remove(actor, readListId(this.ids, list));
  }

  @Get(':list/contacts')
  async members(
    @Me() actor: Actor,
    @Param('list') list: string,
    @Query() query: Position,
    @Req() request: Request,
  ): Promise<ElementsPage<object>> {
    const listId = await this.listOf(actor, list);
    const position = positionOf(query, { byOffset: true });
    const rows = await this.contacts.list(actor, { ...position, listId });
    const show = (contact: (typeof rows)[number]): object => oldContactAnswer(this.ids, contact);
    return pageOf(request, this.config.baseUrl, { rows, position, idOf: ({ id }) => id, show });
  }

  @Post(':list/contacts')
  @Ok()
  async add(
    @Me() actor: Actor,
    @Param('list') list: string,
    @Body(form(putContact)) body: PutContact,
    @Req() request: Request,
  ): Promise<object> {
    const { id, notice } = await this.writes.create(actor, body, await this.listOf(actor, list));
    request.notice = notice;
    return { id: this.ids.show('MLRP', id) };
  }

  @Get(':list/contacts/:contact')
  async member(@Me() actor: Actor, @Param('list') list: string, @Param('contact') contact: string): Promise<object> {
    const listId = await this.listOf(actor, list);
    const found = await this.contacts.mustFind(actor, readContactId(this.ids, contact), listId);
    return oldContactAnswer(this.ids, found);
  }

  @Put(':list/contacts/:contact')
  async change(
    @Me() actor: Actor,
    @Param('list') list: string,
    @Param('contact') contact: string,
    @Body(form(putContact)) body: PutContact,
    @Req() request: Request,
  ): Promise<void> {
    const listId = await this.listOf(actor, list);
    request.notice = (await this.writes.update(actor, readContactId(this.ids, contact), body, listId)).notice;
  }

  @Delete(':list/contacts/:contact')
  async takeOff(@Me() actor: Actor, @Param('list') list: string, @Param('contact') contact: string): Promise<void> {
    const listId = await this.listOf(actor, list);
    await this.writes.remove(actor, readContactId(this.ids, contact), listId);
  }

  private async listOf(actor: Actor, list: string): Promise<string> {
    return (await this.lists.mustFind(actor, readListId(this.ids, list))).id;
  }
}
