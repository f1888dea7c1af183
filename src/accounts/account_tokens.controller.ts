import { Body, Controller, Param, Post, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { type Actor, Me } from '../platform/auth/actor.js';
import { Can } from '../platform/auth/guard.js';
import { Ids } from '../platform/ids.js';
import { flash } from '../platform/web/flash.js';
import { asTyped, parsed, refusedInput } from '../platform/web/form.js';
import { createToken } from './account.forms.js';
import { AccountPages } from './account_pages.js';
import { ApiTokensService } from './api_tokens.service.js';

@Controller('account/tokens')
@Can('api:access')
export class AccountTokensController {
  constructor(
    private readonly tokens: ApiTokensService,
    private readonly ids: Ids,
    private readonly pages: AccountPages,
  ) {}

  /** The answer itself shows the token, once: a redirect would have to keep it somewhere in the clear. */
  @Post()
  async create(
    @Me() actor: Actor,
    @Body(asTyped) typed: Record<string, string>,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    let newToken: string | undefined;
    const refusal = await refusedInput(async () => {
      newToken = await this.tokens.create(actor, parsed(createToken, typed).name);
    });
    const tried = { form: 'token' as const, typed, refusal, ...(newToken === undefined ? {} : { newToken }) };
    response
      .status(refusal === undefined ? 201 : 422)
      .setHeader('Cache-Control', 'no-store')
      .render('accounts/account', await this.pages.of(actor, request, tried));
  }

  @Post(':id/revocation')
  async revoke(
    @Me() actor: Actor,
    @Param('id') id: string,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const token = await this.tokens.revoke(actor, this.ids.read('TK', id));
    flash(request, 'success', this.pages.say('account.tokens.revoked', { name: token.name }));
    response.redirect(303, '/account#api_tokens');
  }
}
