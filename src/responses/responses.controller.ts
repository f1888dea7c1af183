import { Controller, Get, Param, Post, Query, Render } from '@nestjs/common';
import { type Actor, Me } from '../platform/auth/actor.js';
import { Can } from '../platform/auth/guard.js';
import { type Answer, goneTo } from '../platform/web/answers.js';
import { ResponsePages } from './pages/response_pages.js';

/** The survey's responses: the latest ones first, and each by itself. */
@Controller('surveys/:survey/responses')
@Can('responses:export')
export class ResponsesController {
  constructor(private readonly pages: ResponsePages) {}

  @Get()
  @Render('responses/index')
  index(
    @Me() actor: Actor,
    @Param('survey') survey: string,
    @Query() query: Record<string, string | undefined>,
  ): Promise<object> {
    return this.pages.index(actor, survey, query);
  }

  @Get(':response')
  @Render('responses/show')
  show(@Me() actor: Actor, @Param('survey') survey: string, @Param('response') response: string): Promise<object> {
    return this.pages.show(actor, survey, response);
  }

  /** The bot guard was wrong about this one. */
  @Post(':response/unmark')
  async unmark(@Me() actor: Actor, @Param('survey') survey: string, @Param('response') shown: string): Promise<Answer> {
    const { url, done } = await this.pages.unmark(actor, survey, shown);
    return goneTo(url).saying(done);
  }
}
