import { promisify } from 'node:util';
import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { type Actor, Me } from '../platform/auth/actor.js';
import { Identification, SignedIn } from '../platform/auth/guard.js';
import { Live } from '../platform/web/live.js';
import { LiveStreams } from './live_streams.service.js';
import { LiveTopics } from './live_topics.service.js';

/** What open pages follow: one address for all of them. Who may is asked of the topic, as its page would. */
@Controller('live')
@SignedIn()
export class LiveController {
  constructor(
    private readonly topics: LiveTopics,
    private readonly streams: LiveStreams,
    private readonly live: Live,
    private readonly identification: Identification,
  ) {}

  @Get(':kind/:id')
  async follow(
    @Me() actor: Actor,
    @Param('kind') kind: string,
    @Param('id') shown: string,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const topic = await this.topics.mustSee(actor, kind, shown);
    await this.streams.serve(response, {
      person: actor.userId,
      changes: this.live.of(topic),
      mayStay: () => this.maySee(request, kind, shown),
    });
  }

  /** Asks all again: the session may have ended, the permission or the share may have been withdrawn. */
  private async maySee(request: Request, kind: string, shown: string): Promise<boolean> {
    try {
      await promisify(request.session.reload.bind(request.session))();
      await this.topics.mustSee(await this.identification.identify(request), kind, shown);
      return true;
    } catch {
      return false;
    }
  }
}
