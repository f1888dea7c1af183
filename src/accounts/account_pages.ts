import { Injectable } from '@nestjs/common';
import type { Request } from 'express';
import type { Actor } from '../platform/auth/actor.js';
import { Clock } from '../platform/clock.js';
import { Ids } from '../platform/ids.js';
import { Views } from '../platform/web/views.js';
import type { Say } from '../platform/web/words.js';
import { accountPage, type AccountTry } from './account.views.js';
import { OwnAccountService } from './own_account.service.js';

/** Gathers what the page of one's own account shows; its forms come back to the same page. */
@Injectable()
export class AccountPages {
  readonly say: Say;

  constructor(
    private readonly account: OwnAccountService,
    private readonly ids: Ids,
    private readonly clock: Clock,
    views: Views,
  ) {
    this.say = views.wordsOf('accounts');
  }

  async of(actor: Actor, request: Request, tried?: AccountTry): Promise<object> {
    const state = await this.account.state(actor, request.sessionID);
    const isByLink = request.session.signedInBy === 'link';
    return accountPage(actor, state, { now: this.clock.now(), ids: this.ids, say: this.say, isByLink, tried });
  }
}
