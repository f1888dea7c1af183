import { promisify } from 'node:util';
import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { type Actor, Me } from '../platform/auth/actor.js';
import { Can, Identification } from '../platform/auth/guard.js';
import { Ids } from '../platform/ids.js';
import { Live } from '../platform/web/live.js';
import { LivePages } from './live_pages.js';
import { SummaryPages } from './summary_pages.js';

/** The first page of a survey's Distributions tab, and what keeps it up to date. */
@Controller('surveys/:id/distributions')
export class SummariesController {
  constructor(
    private readonly pages: SummaryPages,
    private readonly livePages: LivePages,
    private readonly live: Live,
    private readonly ids: Ids,
    private readonly identification: Identification,
  ) {}

  @Get()
  @Can('distributions:access')
  async show(@Me() actor: Actor, @Param('id') id: string, @Res() response: Response): Promise<void> {
    const { view, model } = await this.pages.show(actor, this.ids.read('SV', id));
    response.render(view, model);
  }

  /** The parts that change, for pages that get no events. */
  @Get('figures')
  @Can('distributions:access')
  async figures(@Me() actor: Actor, @Param('id') id: string, @Res() response: Response): Promise<void> {
    response.render('summaries/changed', await this.pages.figures(actor, this.ids.read('SV', id)));
  }

  @Get('live')
  @Can('distributions:access')
  async follow(
    @Me() actor: Actor,
    @Param('id') id: string,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const surveyId = this.ids.read('SV', id);
    await this.pages.mustSee(actor, surveyId);
    await this.livePages.serve(response, {
      changes: this.live.of(`survey:${surveyId}`),
      render: async () => this.pages.changed(actor, surveyId, response.locals['pageContext']),
      mayStay: () => this.maySee(request, surveyId),
    });
  }

  /** Asks all again: the session may have ended, the permission or the share may have been withdrawn. */
  private async maySee(request: Request, surveyId: string): Promise<boolean> {
    try {
      await promisify(request.session.reload.bind(request.session))();
      const actor = await this.identification.identify(request);
      await this.pages.mustSee(actor, surveyId);
      return true;
    } catch {
      return false;
    }
  }
}
