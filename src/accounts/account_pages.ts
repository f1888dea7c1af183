import { Injectable } from '@nestjs/common';
import type { Request } from 'express';
import type { Actor } from '../platform/auth/actor.js';
import { Clock } from '../platform/clock.js';
import { Ids } from '../platform/ids.js';
import { accountPage, type AccountTry } from './account.views.js';
import { ApiTokensService } from './api_tokens.service.js';
import { OwnAccountService } from './own_account.service.js';
import { WebSessionsService } from './web_sessions.service.js';

/** Gathers what the page of one's own account shows; its forms come back to the same page. */
@Injectable()
export class AccountPages {
  constructor(
    private readonly account: OwnAccountService,
    private readonly sessions: WebSessionsService,
    private readonly tokens: ApiTokensService,
    private readonly ids: Ids,
    private readonly clock: Clock,
  ) {}

  async of(actor: Actor, request: Request, tried?: AccountTry): Promise<object> {
    const state = {
      user: await this.account.mine(actor),
      isByLink: request.session.signedInBy === 'link',
      sessions: await this.sessions.of(actor.userId, request.sessionID),
      tokens: actor.permissions.has('api:access') ? await this.tokens.ofUser(actor) : undefined,
    };
    return accountPage(actor, state, { now: this.clock.now(), ids: this.ids, tried });
  }
}
