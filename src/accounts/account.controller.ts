import { Body, Controller, Get, Post, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { type Actor, Me } from '../platform/auth/actor.js';
import { SignedIn } from '../platform/auth/guard.js';
import { flash } from '../platform/web/flash.js';
import { asTyped, form, parsed, refusedInput } from '../platform/web/form.js';
import { zoneLabel } from '../platform/time_zones.js';
import { changePassword, changeProfile, takeZone, type TakeZone } from './account.forms.js';
import { AccountPages } from './account_pages.js';
import { OwnAccountService } from './own_account.service.js';
import { WebSessionsService } from './web_sessions.service.js';

type Typed = Record<string, string>;

@Controller('account')
@SignedIn()
export class AccountController {
  constructor(
    private readonly account: OwnAccountService,
    private readonly sessions: WebSessionsService,
    private readonly pages: AccountPages,
  ) {}

  @Get()
  async show(@Me() actor: Actor, @Req() request: Request, @Res() response: Response): Promise<void> {
    response.render('accounts/account', await this.pages.of(actor, request));
  }

  @Post('profile')
  async changeProfile(
    @Me() actor: Actor,
    @Body(asTyped) typed: Typed,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const refusal = await refusedInput(() => this.account.changeProfile(actor, parsed(changeProfile, typed)));
    if (refusal !== undefined) {
      response
        .status(422)
        .render('accounts/account', await this.pages.of(actor, request, { form: 'profile', typed, refusal }));
      return;
    }
    flash(request, 'success', this.pages.say('account.profile.saved'));
    response.redirect(303, '/account');
  }

  /** The zone of this browser: at the first page, or when somebody takes the offer. */
  @Post('zone')
  async takeZone(
    @Me() actor: Actor,
    @Body(form(takeZone)) { timeZone, back }: TakeZone,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const zone = await this.account.takeZone(actor, timeZone);
    flash(request, 'success', this.pages.say('zoneOffer.taken', { zone: zoneLabel(zone) }));
    response.redirect(303, back);
  }

  @Post('password')
  async changePassword(
    @Me() actor: Actor,
    @Body(form(changePassword)) typed: { current: string; password: string },
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const here = { sessionId: request.sessionID, isByLink: request.session.signedInBy === 'link' };
    const refusal = await refusedInput(() => this.account.changePassword(actor, typed, here));
    if (refusal !== undefined) {
      response
        .status(422)
        .render('accounts/account', await this.pages.of(actor, request, { form: 'password', typed, refusal }));
      return;
    }
    request.session.signedInBy = 'password';
    flash(request, 'success', this.pages.say('account.password.changed'));
    response.redirect(303, '/account');
  }

  @Post('session-endings')
  async endOthers(@Me() actor: Actor, @Req() request: Request, @Res() response: Response): Promise<void> {
    await this.sessions.end(actor.userId, request.sessionID);
    flash(request, 'success', this.pages.say('account.sessions.ended'));
    response.redirect(303, '/account');
  }
}
