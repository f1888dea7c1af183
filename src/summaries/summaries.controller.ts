import { promisify } from 'node:util';
import { Controller, Get, Render, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { type Actor, Me } from '../platform/auth/actor.js';
import { Can, Identification } from '../platform/auth/guard.js';
import { type Answer, drawn } from '../platform/web/answers.js';
import { Id } from '../platform/web/id_param.js';
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
    private readonly identification: Identification,
  ) {}

  @Get()
  @Can('distributions:access')
  async show(@Me() actor: Actor, @Id('SV') surveyId: string): Promise<Answer> {
    const { view, model } = await this.pages.show(actor, surveyId);
    return drawn(view, model);
  }

  /** The parts that change, for pages that get no events. */
  @Get('figures')
  @Can('distributions:access')
  @Render('summaries/changed')
  figures(@Me() actor: Actor, @Id('SV') surveyId: string): Promise<object> {
    return this.pages.figures(actor, surveyId);
  }

  @Get('live')
  @Can('distributions:access')
  async follow(
    @Me() actor: Actor,
    @Id('SV') surveyId: string,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
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
