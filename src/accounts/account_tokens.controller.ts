import { Body, Controller, Post, Req } from '@nestjs/common';
import type { Request } from 'express';
import { type Actor, Me } from '../platform/auth/actor.js';
import { Can } from '../platform/auth/guard.js';
import { addresses } from '../platform/web/addresses.js';
import { type Answer, drawn, goneTo, orFormAgain } from '../platform/web/answers.js';
import { asTyped, parsed } from '../platform/web/form.js';
import { Id } from '../platform/web/id_param.js';
import { createToken } from './account.forms.js';
import type { AccountTry } from './account.views.js';
import { AccountPages } from './account_pages.js';
import { ApiTokensService } from './api_tokens.service.js';

@Controller('account/tokens')
@Can('api:access')
export class AccountTokensController {
  constructor(
    private readonly tokens: ApiTokensService,
    private readonly pages: AccountPages,
  ) {}

  /** The answer itself shows the token, once: a redirect would have to keep it somewhere in the clear. */
  @Post()
  create(@Me() actor: Actor, @Body(asTyped) typed: Record<string, string>, @Req() request: Request): Promise<Answer> {
    const page = (outcome: Pick<AccountTry, 'faults' | 'newToken'>): Promise<object> =>
      this.pages.of(actor, request, { form: 'token', typed, ...outcome });
    return orFormAgain(
      async () => {
        const newToken = await this.tokens.create(actor, parsed(createToken, typed).name);
        return drawn('accounts/account', await page({ newToken }), 201);
      },
      async (faults) => ({ view: 'accounts/account', model: await page({ faults }) }),
    );
  }

  @Post(':id/revocation')
  async revoke(@Me() actor: Actor, @Id('TK') tokenId: string): Promise<Answer> {
    const { name } = await this.tokens.revoke(actor, tokenId);
    return goneTo(addresses.accounts.tokensOnPage()).saying(this.pages.say('account.tokens.revoked', { name }));
  }
}
