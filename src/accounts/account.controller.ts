import { Body, Controller, Get, Post, Render, Req } from '@nestjs/common';
import type { Request } from 'express';
import { type Actor, Me } from '../platform/auth/actor.js';
import { SignedIn } from '../platform/auth/guard.js';
import { Invalid } from '../platform/errors.js';
import { addresses } from '../platform/web/addresses.js';
import { type Answer, drawn, faultsOf, goneTo, orFormAgain } from '../platform/web/answers.js';
import { asTyped, form, parsed } from '../platform/web/form.js';
import { zoneLabel } from '../platform/calendar/time_zones.js';
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
  @Render('accounts/account')
  show(@Me() actor: Actor, @Req() request: Request): Promise<object> {
    return this.pages.of(actor, request);
  }

  @Post('profile')
  changeProfile(@Me() actor: Actor, @Body(asTyped) typed: Typed, @Req() request: Request): Promise<Answer> {
    return orFormAgain(
      async () => {
        await this.account.changeProfile(actor, parsed(changeProfile, typed));
        return goneTo(addresses.accounts.page()).saying(this.pages.say('account.profile.saved'));
      },
      async (faults) => ({
        view: 'accounts/account',
        model: await this.pages.of(actor, request, { form: 'profile', typed, faults }),
      }),
    );
  }

  /** The zone of this browser: at the first page, or when somebody takes the offer. */
  @Post('zone')
  async takeZone(@Me() actor: Actor, @Body(form(takeZone)) { timeZone, back }: TakeZone): Promise<Answer> {
    const zone = await this.account.takeZone(actor, timeZone);
    return goneTo(back).saying(this.pages.say('zoneOffer.taken', { zone: zoneLabel(zone) }));
  }

  /** Whoever tried too often gets the plain page that says when to come back (429). */
  @Post('password')
  async changePassword(
    @Me() actor: Actor,
    @Body(form(changePassword)) typed: { current: string; password: string },
    @Req() request: Request,
  ): Promise<Answer> {
    const here = { sessionId: request.sessionID, isByLink: request.session.signedInBy === 'link' };
    try {
      await this.account.changePassword(actor, typed, here);
    } catch (error) {
      if (!(error instanceof Invalid)) {
        throw error;
      }
      const tried = { form: 'password' as const, typed, faults: faultsOf(error) };
      return drawn('accounts/account', await this.pages.of(actor, request, tried), 422);
    }
    request.session.signedInBy = 'password';
    return goneTo(addresses.accounts.page()).saying(this.pages.say('account.password.changed'));
  }

  @Post('session-endings')
  async endOthers(@Me() actor: Actor, @Req() request: Request): Promise<Answer> {
    await this.sessions.end(actor.userId, request.sessionID);
    return goneTo(addresses.accounts.page()).saying(this.pages.say('account.sessions.ended'));
  }
}
