import { Body, Controller, Delete, Get, Param, Post, Query, Req } from '@nestjs/common';
import type { Request } from 'express';
import { InEnvelope, Ok } from '../platform/api/envelope.js';
import { type ElementsPage, pageOf, positionOf } from '../platform/api/paging.js';
import { type Actor, Me } from '../platform/auth/actor.js';
import { Can } from '../platform/auth/guard.js';
import { Config } from '../platform/config.js';
import { Invalid, NotFound } from '../platform/errors.js';
import { Ids } from '../platform/ids.js';
import { form } from '../platform/web/form.js';
import { createLibraryMessage, type CreateLibraryMessage } from './library.forms.js';
import { LibraryService } from './library.service.js';
import { CATEGORIES, type LibraryMessage } from './library_message.entity.js';

/** The library for programs: `UR_…` is one's own, `GR_…` the one that all of the brand share. */
@Controller('API/v3/libraries/:library/messages')
@Can('api:access')
@InEnvelope()
export class LibraryApi {
  constructor(
    private readonly messageLibrary: LibraryService,
    private readonly ids: Ids,
    private readonly config: Config,
  ) {}

  @Get()
  async index(
    @Me() actor: Actor,
    @Param('library') library: string,
    @Query() query: Record<string, string | undefined>,
    @Req() request: Request,
  ): Promise<ElementsPage<object>> {
    const kept = this.placeOf(actor, library);
    const category = CATEGORIES.find((one) => one === query['category']);
    if (category === undefined && query['category']) {
      throw new Invalid(`category: one of ${CATEGORIES.join(', ')}.`);
    }
    const position = positionOf(query, { byOffset: true });
    const rows = await this.messageLibrary.list(actor, { ...position, kept, categories: category && [category] });
    return pageOf(request, this.config.baseUrl, {
      rows,
      position,
      idOf: ({ id }) => id,
      show: (message) => this.line(message),
    });
  }

  @Post()
  @Ok()
  async create(
    @Me() actor: Actor,
    @Param('library') library: string,
    @Body(form(createLibraryMessage)) { category, description, folder, messages }: CreateLibraryMessage,
  ): Promise<object> {
    const kept = this.placeOf(actor, library);
    const [language = 'en'] = Object.keys(messages);
    const words = Object.fromEntries(
      Object.entries(messages).map(([name, body]) => [name, { subject: '', preheader: '', text: '', body }]),
    );
    const draft = { category, name: description, folder, isShared: kept === 'shared', language, words };
    return { id: this.ids.show('MS', (await this.messageLibrary.create(actor, draft)).id) };
  }

  @Get(':message')
  async show(@Me() actor: Actor, @Param('library') library: string, @Param('message') shown: string): Promise<object> {
    const message = await this.find(actor, library, shown);
    const texts = Object.entries(message.words).map(([language, { body }]) => [language, body] as const);
    return { ...this.line(message), messages: Object.fromEntries(texts) };
  }

  @Delete(':message')
  async destroy(@Me() actor: Actor, @Param('library') library: string, @Param('message') shown: string): Promise<void> {
    const { id } = await this.find(actor, library, shown);
    await this.messageLibrary.remove(actor, id);
  }

  private async find(actor: Actor, library: string, shown: string): Promise<LibraryMessage> {
    const kept = this.placeOf(actor, library);
    const message = await this.messageLibrary.mustFind(actor, this.ids.read('MS', shown));
    if (message.isShared !== (kept === 'shared')) {
      throw new NotFound('There is no such message in this library.', 'EQD13');
    }
    return message;
  }

  /** @throws {NotFound} for a library of somebody else */
  private placeOf({ userId, brandId }: Actor, shown: string): 'own' | 'shared' {
    if (this.ids.tryRead('UR', shown) === userId) {
      return 'own';
    }
    if (this.ids.tryRead('GR', shown) === brandId) {
      return 'shared';
    }
    throw new NotFound('There is no such library.');
  }

  private line({ id, name, folder, category }: Pick<LibraryMessage, 'id' | 'name' | 'folder' | 'category'>): object {
    return { id: this.ids.show('MS', id), description: name, folder, category };
  }
}
