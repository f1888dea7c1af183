import { Controller, Get, Param, Query, Req } from '@nestjs/common';
import type { Request } from 'express';
import { LinksService } from '../links/links.service.js';
import { InEnvelope } from '../platform/api/envelope.js';
import { type ElementsPage, pageOf, positionOf } from '../platform/api/paging.js';
import { type Actor, Me } from '../platform/auth/actor.js';
import { Can } from '../platform/auth/guard.js';
import { Config } from '../platform/config.js';
import { Ids } from '../platform/ids.js';
import type { Distribution } from '../ledger/distribution.entity.js';
import { historyAnswer, linkAnswer, type LinkParts } from './distributions.answers.js';
import { mustBeFor } from './distributions.api.js';
import { FoundDistributions } from '../ledger/found_distributions.service.js';
import { RecipientsService } from '../ledger/recipients/recipients.service.js';
import type { RecipientRow } from '../ledger/recipients/recipients.sql.js';

type Words = Record<string, string | undefined>;

/** The people of a distribution for programs: their links, and what happened to each. */
@Controller('API/v3/distributions/:id')
@Can('api:access')
@InEnvelope()
export class RecipientsApi {
  constructor(
    private readonly distributions: FoundDistributions,
    private readonly recipients: RecipientsService,
    private readonly links: LinksService,
    private readonly ids: Ids,
    private readonly config: Config,
  ) {}

  @Get('links')
  listLinks(
    @Me() actor: Actor,
    @Param('id') id: string,
    @Query() query: Words,
    @Req() request: Request,
  ): Promise<ElementsPage<object>> {
    return this.page(actor, id, { query, request }, (distribution, row) => linkAnswer(this.parts, distribution, row));
  }

  @Get('history')
  listHistory(
    @Me() actor: Actor,
    @Param('id') id: string,
    @Query() query: Words,
    @Req() request: Request,
  ): Promise<ElementsPage<object>> {
    return this.page(actor, id, { query, request }, (distribution, row) =>
      historyAnswer(this.parts, distribution, row),
    );
  }

  private get parts(): LinkParts {
    return { ids: this.ids, links: this.links };
  }

  private async page(
    actor: Actor,
    shownId: string,
    { query, request }: { query: Words; request: Request },
    show: (distribution: Distribution, row: RecipientRow) => object,
  ): Promise<ElementsPage<object>> {
    const { distribution } = await this.distributions.mustFind(actor, this.ids.read('EMD', shownId));
    mustBeFor(this.ids, distribution, query['surveyId']);
    const position = positionOf(query);
    const rows = await this.recipients.page(actor, { distributionId: distribution.id }, position);
    return pageOf(request, this.config.baseUrl, {
      rows,
      position,
      idOf: ({ id }) => id,
      show: (row) => show(distribution, row),
    });
  }
}
