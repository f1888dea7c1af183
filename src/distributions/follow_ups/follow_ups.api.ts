import { Body, Controller, Param, Post } from '@nestjs/common';
import { InEnvelope, Ok } from '../../platform/api/envelope.js';
import { type Actor, Me } from '../../platform/auth/actor.js';
import { Can } from '../../platform/auth/guard.js';
import { Invalid } from '../../platform/errors.js';
import { Ids } from '../../platform/ids.js';
import { form, parsed } from '../../platform/web/form.js';
import { ApiCompositions } from '../api_compositions.js';
import type { Distribution } from '../../ledger/distribution.entity.js';
import { createEmailDistribution } from '../distributions.forms.js';
import type { FollowingTime } from '../../ledger/head/following.js';
import { createFollowUp, type CreateFollowUp } from './follow_ups.forms.js';
import { type FollowUpKind, FollowUpsService, type FollowUpWords } from './follow_ups.service.js';

/** Reminders and thank-yous for programs. 409 with EQD16 before the invitation was sent, 404 with EQD14 when it is gone. */
@Controller('API/v3/distributions/:id')
@Can('api:access')
@InEnvelope()
export class FollowUpsApi {
  constructor(
    private readonly followUps: FollowUpsService,
    private readonly compositions: ApiCompositions,
    private readonly ids: Ids,
  ) {}

  @Post('reminders')
  @Ok()
  remind(@Me() actor: Actor, @Param('id') id: string, @Body(form(createFollowUp)) wish: CreateFollowUp) {
    return this.create(actor, id, { requestType: 'Reminder', wish });
  }

  @Post('thankyous')
  @Ok()
  thank(@Me() actor: Actor, @Param('id') id: string, @Body(form(createFollowUp)) wish: CreateFollowUp) {
    return this.create(actor, id, { requestType: 'ThankYou', wish });
  }

  private async create(
    actor: Actor,
    shownId: string,
    { requestType, wish }: { requestType: FollowUpKind; wish: CreateFollowUp },
  ): Promise<{ distributionId: string }> {
    const time = timeOf(requestType, wish);
    const invitation = await this.followUps.mustBeFollowable(actor, this.ids.read('EMD', shownId));
    const mail = await this.mailOf(actor, invitation, wish);
    const words = { requestType, mail, time, thanksTurnedAway: thanksTurnedAway(requestType, wish) };
    const { id } = await this.followUps.create(actor, invitation.id, words);
    return { distributionId: this.ids.show('EMD', id) };
  }

  /** Read as a mail to the people of the invitation; what of it is theirs is not taken from here. */
  private async mailOf(
    actor: Actor,
    invitation: Distribution,
    { message, header, sendDate }: CreateFollowUp,
  ): Promise<FollowUpWords['mail']> {
    const {
      surveyId,
      audience: { listId, contactId },
    } = invitation;
    const asMail = parsed(createEmailDistribution, {
      message,
      header,
      sendDate,
      recipients: {
        mailingListId: listId === null ? '' : this.ids.show('CG', listId),
        contactId: contactId === null ? '' : this.ids.show('CID', contactId),
      },
      surveyLink: { surveyId: this.ids.show('SV', surveyId), type: 'Individual' },
    });
    const { words } = await this.compositions.ofEmail(actor, asMail);
    const { listId: _list, contactId: _contact, listName: _name, embedded: _embedded, ...mail } = words;
    const { linkType: _type, linkDays: _days, linkExpiresAt: _end, skipFinished: _skip, ...own } = mail;
    return own;
  }
}

function thanksTurnedAway(requestType: FollowUpKind, { includeScreenedOut }: CreateFollowUp): boolean {
  if (includeScreenedOut && requestType === 'Reminder') {
    throw new Invalid(
      'includeScreenedOut: nobody is reminded whom the survey has turned away; only thank-yous can go to them.',
    );
  }
  return includeScreenedOut;
}

const MOST_HOURS = 8760;

/** Without a date, or days to count, a follow-up of a program goes now. @throws {Invalid} for more than one of them */
function timeOf(requestType: FollowUpKind, wish: CreateFollowUp): FollowingTime {
  const { sendDate, afterDays, afterHours: further, after, atOnce } = wish;
  const hours = afterDays * 24 + further;
  if ([sendDate !== '', hours > 0, atOnce].filter((isSo) => isSo).length > 1) {
    throw new Invalid('Name sendDate, or afterDays and afterHours, or atOnce: only one of them can say when it goes.');
  }
  if (hours > MOST_HOURS) {
    throw new Invalid('afterDays, afterHours: at most a year.');
  }
  if (atOnce && requestType === 'Reminder') {
    throw new Invalid('atOnce: only thank-yous go when somebody has finished.');
  }
  const isOfReminder = requestType === 'Reminder' && after === 'lastReminder';
  const counted = { afterHours: hours, afterWhat: isOfReminder ? 'last_reminder' : 'invitation' } as const;
  return { ...(hours > 0 ? counted : { afterHours: null, afterWhat: null }), atOnce };
}
