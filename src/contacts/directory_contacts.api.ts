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
import { ContactWrites } from './contact_writes.js';
import { contactAnswer, mustBeOwnDirectory, readContactId, wholeContactAnswer } from './contacts.answers.js';
import { putContact } from './contacts.forms.js';
import type { PutContact } from './contacts.forms.js';
import { ContactsService } from './contacts.service.js';

@Controller('API/v3/directories/:directory/contacts')
@Can('api:access')
@InEnvelope()
export class DirectoryContactsApi {
  constructor(
    private readonly contacts: ContactsService,
    private readonly writes: ContactWrites,
    private readonly ids: Ids,
    private readonly config: Config,
  ) {}

  @Get()
  async index(
    @Me() actor: Actor,
    @Param('directory') directory: string,
    @Query() query: Record<string, string | undefined>,
    @Req() request: Request,
  ): Promise<ElementsPage<object>> {
    mustBeOwnDirectory(this.ids, actor, directory);
    const position = positionOf(query);
    const rows = await this.contacts.list(actor, position);
    const show = (contact: (typeof rows)[number]): object => contactAnswer(this.ids, contact);
    return pageOf(request, this.config.baseUrl, { rows, position, idOf: ({ id }) => id, show });
  }

  @Post()
  @Ok()
  async create(
    @Me() actor: Actor,
    @Param('directory') directory: string,
    @Body(form(putContact)) body: PutContact,
    @Req() request: Request,
  ): Promise<object> {
    mustBeOwnDirectory(this.ids, actor, directory);
    const { id, notice } = await this.writes.create(actor, body);
    request.notice = notice;
    return { id: this.ids.show('CID', id) };
  }

  @Get(':contact')
  async show(
    @Me() actor: Actor,
    @Param('directory') directory: string,
    @Param('contact') contact: string,
  ): Promise<object> {
    mustBeOwnDirectory(this.ids, actor, directory);
    const id = readContactId(this.ids, contact);
    const found = await this.contacts.mustFind(actor, id);
    return wholeContactAnswer(this.ids, found, await this.contacts.memberships(actor, id));
  }

  @Put(':contact')
  async update(
    @Me() actor: Actor,
    @Param('directory') directory: string,
    @Param('contact') contact: string,
    @Body(form(putContact)) body: PutContact,
    @Req() request: Request,
  ): Promise<void> {
    mustBeOwnDirectory(this.ids, actor, directory);
    request.notice = (await this.writes.update(actor, readContactId(this.ids, contact), body)).notice;
  }

  @Delete(':contact')
  async destroy(
    @Me() actor: Actor,
    @Param('directory') directory: string,
    @Param('contact') contact: string,
  ): Promise<void> {
    mustBeOwnDirectory(this.ids, actor, directory);
    await this.writes.remove(actor, readContactId(this.ids, contact));
  }
}
