import { Controller, Get, Param, Post, Render, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { type Actor, Me } from '../../platform/auth/actor.js';
import { Can } from '../../platform/auth/guard.js';
import { flash } from '../../platform/web/flash.js';
import { DistributionWords } from '../distribution_words.js';
import { type EmailAddress, EmailPage } from '../email_page.js';
import { ComposePages } from '../mails/compose_pages.js';
import type { FollowUpKind } from './follow_ups.service.js';
import { FollowUpsService } from './follow_ups.service.js';

/** Reminders and thank-yous below an invitation: a new one, and sending one that waits. They are written like all mails. */
@Controller('surveys/:id/distributions/emails/:email')
@Can('distributions:send')
export class FollowUpsController {
  constructor(
    private readonly followUps: FollowUpsService,
    private readonly pages: ComposePages,
    private readonly email: EmailPage,
    private readonly words: DistributionWords,
  ) {}

  @Get('reminders/new')
  @Render('distributions/new')
  newReminder(@Me() actor: Actor, @Param() address: EmailAddress): Promise<object> {
    return this.fresh(actor, address, 'Reminder');
  }

  @Get('thank-yous/new')
  @Render('distributions/new')
  newThankYou(@Me() actor: Actor, @Param() address: EmailAddress): Promise<object> {
    return this.fresh(actor, address, 'ThankYou');
  }

  /** Sends one now that waits for its time. */
  @Post('hasten')
  async hasten(
    @Me() actor: Actor,
    @Param() address: EmailAddress,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const { distribution } = await this.email.mustFind(actor, address);
    const { reserved } = await this.followUps.sendNow(actor, distribution.id);
    flash(request, 'success', this.words.counted('review.sent', reserved));
    response.redirect(303, this.words.path(distribution));
  }

  private async fresh(actor: Actor, address: EmailAddress, kind: FollowUpKind): Promise<object> {
    const found = await this.email.mustFind(actor, address);
    const invitation = await this.followUps.mustBeFollowable(actor, found.distribution.id);
    const known = (await this.followUps.of(actor, [invitation.id])).get(invitation.id) ?? [];
    const hasReminder = known.some(({ distribution }) => distribution.requestType === 'Reminder');
    return this.pages.following(actor, invitation, { kind, hasReminder });
  }
}
