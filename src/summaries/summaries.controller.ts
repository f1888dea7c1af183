import { Controller, Get, Render } from '@nestjs/common';
import { type Actor, Me } from '../platform/auth/actor.js';
import { Can } from '../platform/auth/guard.js';
import { type Answer, drawn } from '../platform/web/answers.js';
import { Id } from '../platform/web/id_param.js';
import { SummaryPages } from './summary_pages.js';

/** The first page of a survey's Distributions tab, and what keeps it up to date. */
@Controller('surveys/:id/distributions')
export class SummariesController {
  constructor(private readonly pages: SummaryPages) {}

  @Get()
  @Can('distributions:access')
  async show(@Me() actor: Actor, @Id('SV') surveyId: string): Promise<Answer> {
    const { view, model } = await this.pages.show(actor, surveyId);
    return drawn(view, model);
  }

  /** The parts that change; an open page asks for them whenever something did. */
  @Get('figures')
  @Can('distributions:access')
  @Render('summaries/changed')
  figures(@Me() actor: Actor, @Id('SV') surveyId: string): Promise<object> {
    return this.pages.figures(actor, surveyId);
  }
}
