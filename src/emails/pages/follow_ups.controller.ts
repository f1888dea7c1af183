import { Controller, Get, Param, Render } from '@nestjs/common';
import { type Actor, Me } from '../../platform/auth/actor.js';
import { Can } from '../../platform/auth/guard.js';
import { type EmailAddress, EmailsPage } from '../../distributions/emails_page.js';
import { ComposePages } from '../compose/compose_pages.js';
import type { FollowUpKind } from '../../distributions/follow_ups/follow_ups.service.js';
import { FollowUpsService } from '../../distributions/follow_ups/follow_ups.service.js';

/** Reminders and thank-yous below an invitation: a new one of each. They are written like all mails. */
@Controller('surveys/:id/distributions/emails/:email')
@Can('distributions:send')
export class FollowUpsController {
  constructor(
    private readonly followUps: FollowUpsService,
    private readonly pages: ComposePages,
    private readonly emails: EmailsPage,
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

  private async fresh(actor: Actor, address: EmailAddress, kind: FollowUpKind): Promise<object> {
    const found = await this.emails.mustFind(actor, address);
    const invitation = await this.followUps.mustBeFollowable(actor, found.distribution.id);
    const known = (await this.followUps.of(actor, [invitation.id])).get(invitation.id) ?? [];
    const hasReminder = known.some(({ distribution }) => distribution.requestType === 'Reminder');
    return this.pages.following(actor, invitation, { kind, hasReminder });
  }
}
