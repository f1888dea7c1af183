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
import { listAnswer, mustBeOwnDirectory } from './contacts.answers.js';
import { putList } from './contacts.forms.js';

/** Contact lists; the API calls them mailing lists. */
@Controller('API/v3/directories/:directory/mailinglists')
@Can('api:access')
@InEnvelope()
export class MailingListsApi {
  constructor(
    private readonly lists: ContactListsService,
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
    const owner = query['ownerId'];
    const position = positionOf(query);
    const rows = await this.lists.list(actor, { ...position, ownerId: owner ? this.ids.read('UR', owner) : undefined });
    const show = (list: (typeof rows)[number]): object => listAnswer(this.ids, list);
    return pageOf(request, this.config.baseUrl, { rows, position, idOf: ({ id }) => id, show });
  }

  @Post()
  @Ok()
  async create(
    @Me() actor: Actor,
    @Param('directory') directory: string,
    @Body(form(putList)) { name, publicName }: z.infer<typeof putList>,
  ): Promise<object> {
    mustBeOwnDirectory(this.ids, actor, directory);
    return { id: this.ids.show('CG', (await this.lists.create(actor, name, publicName)).id) };
  }

  @Get(':list')
  async show(@Me() actor: Actor, @Param('directory') directory: string, @Param('list') list: string): Promise<object> {
    mustBeOwnDirectory(this.ids, actor, directory);
    const found = await this.lists.mustFind(actor, this.ids.read('CG', list));
    return { ...listAnswer(this.ids, found), publicName: found.publicName };
  }

  @Put(':list')
  async update(
    @Me() actor: Actor,
    @Param('directory') directory: string,
    @Param('list') list: string,
    @Body(form(putList)) { name, publicName }: z.infer<typeof putList>,
  ): Promise<void> {
    mustBeOwnDirectory(this.ids, actor, directory);
    await this.lists.rename(actor, this.ids.read('CG', list), name, publicName);
  }

  @Delete(':list')
  async destroy(@Me() actor: Actor, @Param('directory') directory: string, @Param('list') list: string): Promise<void> {
    mustBeOwnDirectory(this.ids, actor, directory);
    await this.lists.remove(actor, this.ids.read('CG', list));
  }
}
