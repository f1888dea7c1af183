import { Controller, Get, Param, Query } from '@nestjs/common';
import { BrandsService } from '../brands/brands.service.js';
import { InEnvelope } from '../platform/api/envelope.js';
import { type ElementsPage, positionOf } from '../platform/api/paging.js';
import { Me } from '../platform/auth/actor.js';
import type { Actor } from '../platform/auth/actor.js';
import { Can } from '../platform/auth/guard.js';
import { Ids } from '../platform/ids.js';
import { directoryAnswer, mustBeOwnDirectory } from './contacts.answers.js';
import { ContactsService } from './contacts.service.js';

/** Each brand has one directory. */
@Controller('API/v3/directories')
@Can('api:access')
@InEnvelope()
export class DirectoriesApi {
  constructor(
    private readonly brands: BrandsService,
    private readonly contacts: ContactsService,
    private readonly ids: Ids,
  ) {}

  @Get()
  async index(@Me() actor: Actor, @Query() query: Record<string, unknown>): Promise<ElementsPage<object>> {
    const { after, skip = 0 } = positionOf(query);
    // Clients that count ask on until nothing comes.
    const isBehind = after !== undefined || skip > 0;
    return { elements: isBehind ? [] : [await this.answer(actor, query['includeCount'])], nextPage: null };
  }

  @Get(':directory')
  async show(
    @Me() actor: Actor,
    @Param('directory') directory: string,
    @Query('includeCount') includeCount?: string,
  ): Promise<object> {
    mustBeOwnDirectory(this.ids, actor, directory);
    return this.answer(actor, includeCount);
  }

  private async answer(actor: Actor, includeCount: unknown): Promise<object> {
    const count = includeCount === 'true' ? await this.contacts.count(actor) : undefined;
    return directoryAnswer(this.ids, await this.brands.of(actor.brandId), count);
  }
}
