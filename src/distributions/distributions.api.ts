import { Body, Controller, Delete, Get, Param, Post, Query, Req } from '@nestjs/common';
import type { Request } from 'express';
import { InEnvelope, Ok } from '../platform/api/envelope.js';
import { type ElementsPage, pageOf, positionOf } from '../platform/api/paging.js';
import { type Actor, Me } from '../platform/auth/actor.js';
import { Can } from '../platform/auth/guard.js';
import { Config } from '../platform/config.js';
import { NotFound } from '../platform/errors.js';
import { Ids } from '../platform/ids.js';
import { parsed } from '../platform/web/form.js';
import { ApiCompositions } from './api_compositions.js';
import type { Distribution } from '../ledger/distribution.entity.js';
import { distributionAnswer, wholeDistributionAnswer } from './distributions.answers.js';
import { createEmailDistribution, createLinks, listDistributions } from './distributions.forms.js';
import { DistributionsService } from './distributions.service.js';
import { FoundDistributions, type ListWish } from '../ledger/found_distributions.service.js';
import { SteeringService } from './steering.service.js';

type Words = Record<string, string | undefined>;
type Filter = Omit<ListWish, 'size' | 'after' | 'skip'>;

/** Distributions for programs: create (mail or links only), list, read, delete. */
@Controller('API/v3/distributions')
@Can('api:access')
@InEnvelope()
export class DistributionsApi {
  // oxlint-disable-next-line max-params -- up to eight may stand in a constructor
  constructor(
    private readonly distributions: DistributionsService,
    private readonly found: FoundDistributions,
    private readonly steering: SteeringService,
    private readonly compositions: ApiCompositions,
    private readonly ids: Ids,
    private readonly config: Config,
  ) {}

  /** With an `action` it makes links, else it sends a mail. 409 with EQD03 or EQD04 when the weekly limit is too small. */
  @Post()
  @Ok()
  async create(@Me() actor: Actor, @Body() body: Record<string, unknown> | undefined): Promise<object> {
    const distribution =
      typeof body?.['action'] === 'string' ? await this.createLinks(actor, body) : await this.createEmail(actor, body);
    return { id: this.ids.show('EMD', distribution.id) };
  }

  @Get()
  async index(@Me() actor: Actor, @Query() query: Words, @Req() request: Request): Promise<ElementsPage<object>> {
    const { surveyId, filter } = this.wishOf(query);
    const asked = positionOf(query);
    const position = { ...asked, size: Math.min(asked.size, 100) };
    const rows = await this.found.list(actor, surveyId, { ...position, ...filter });
    const parts = { ids: this.ids, brand: await this.compositions.brandOf(actor) };
    const families = await this.distributions.families(
      actor,
      rows.map(({ distribution }) => distribution),
    );
    return pageOf(request, this.config.baseUrl, {
      rows,
      position,
      idOf: ({ distribution }) => distribution.id,
      show: ({ distribution, tallies }) =>
        distributionAnswer(parts, distribution, tallies, families.get(distribution.id)),
    });
  }

  @Get(':id')
  async show(@Me() actor: Actor, @Param('id') id: string, @Query() query: Words): Promise<object> {
    const { distribution, tallies } = await this.found.mustFind(actor, this.ids.read('EMD', id));
    mustBeFor(this.ids, distribution, query['surveyId']);
    return wholeDistributionAnswer(
      { ids: this.ids, brand: await this.compositions.brandOf(actor) },
      distribution,
      tallies,
      (await this.distributions.families(actor, [distribution])).get(distribution.id),
    );
  }

  @Delete(':id')
  async destroy(@Me() actor: Actor, @Param('id') id: string): Promise<void> {
    await this.steering.remove(actor, this.ids.read('EMD', id));
  }

  private async createEmail(actor: Actor, body: unknown): Promise<Distribution> {
    const { surveyId, words } = await this.compositions.ofEmail(actor, parsed(createEmailDistribution, body));
    return this.distributions.create(actor, surveyId, words);
  }

  private createLinks(actor: Actor, body: unknown): Promise<Distribution> {
    const { surveyId, words } = this.compositions.ofLinks(actor, parsed(createLinks, body));
    return this.distributions.generateLinks(actor, surveyId, words);
  }

  private wishOf(query: Words): { surveyId: string; filter: Filter } {
    const {
      surveyId,
      distributionRequestType: requestType,
      mailingListId,
      sendStartDate,
      sendEndDate,
    } = parsed(listDistributions, query);
    const filter: Filter = {
      sentOnly: true,
      ...(requestType ? { requestType } : {}),
      ...(mailingListId ? { listId: this.ids.read('CG', mailingListId) } : {}),
      ...(sendStartDate ? { from: this.compositions.instant(sendStartDate, 'UTC', 'sendStartDate') } : {}),
      ...(sendEndDate ? { until: this.compositions.instant(sendEndDate, 'UTC', 'sendEndDate') } : {}),
    };
    return { surveyId: this.ids.read('SV', surveyId), filter };
  }
}

/** @throws {NotFound} when a program names another survey than the distribution's */
export function mustBeFor(ids: Ids, { surveyId }: Distribution, named: string | undefined): void {
  if (named !== undefined && named !== '' && ids.tryRead('SV', named) !== surveyId) {
    throw new NotFound('This distribution belongs to another survey.');
  }
}
