import { Body, Controller, Param, Post } from '@nestjs/common';
import { type Actor, Me } from '../../platform/auth/actor.js';
import { Can } from '../../platform/auth/guard.js';
import { NotFound, WrongState } from '../../platform/errors.js';
import { addresses, asking } from '../../platform/web/addresses.js';
import { type Answer, goneTo } from '../../platform/web/answers.js';
import { form } from '../../platform/web/form.js';
import { type Composition, isToMember } from '../../ledger/composition.js';
import type { Distribution } from '../../ledger/distribution.entity.js';
import { DistributionWords, titleOf } from '../../ledger/distribution_words.js';
import { DistributionsService } from '../../distributions/distributions.service.js';
import { type EmailAddress, EmailsPage } from '../../distributions/emails_page.js';
import { copyEmail, type CopyEmail } from './emails.forms.js';
import { FollowUpsService, type FollowUpWords } from '../../distributions/follow_ups/follow_ups.service.js';

/** Another draft with the same mail, audience and plan, to be sent at once until somebody says when. */
@Controller('surveys/:id/distributions/emails/:email/copies')
@Can('distributions:send')
export class CopiesController {
  constructor(
    private readonly distributions: DistributionsService,
    private readonly followUps: FollowUpsService,
    private readonly emails: EmailsPage,
    private readonly words: DistributionWords,
  ) {}

  @Post()
  async create(
    @Me() actor: Actor,
    @Param() address: EmailAddress,
    @Body(form(copyEmail)) { followUps }: CopyEmail,
  ): Promise<Answer> {
    const { distribution } = await this.emails.mustFind(actor, address);
    if (isToMember(distribution)) {
      throw new WrongState(this.words.say('form.locked'));
    }
    try {
      const copy = await this.copied(actor, distribution);
      const copies = followUps ? await this.withFollowUps(actor, distribution, copy) : 0;
      const news = copies === 0 ? '' : ` ${this.words.counted('done.copyFollowUps', copies)}`;
      return goneTo(addresses.mails.edit(...this.words.at(copy))).saying(`${this.words.say('done.copy')}${news}`);
    } catch (error) {
      if (!(error instanceof NotFound)) {
        throw error;
      }
      // Its list is gone: the form asks for another one.
      return goneTo(
        asking(addresses.mails.new(this.words.shownSurvey(distribution.surveyId)), { copy: address.email }),
      );
    }
  }

  /** A copy of a reminder or thank-you is another one of the same invitation. */
  private copied(actor: Actor, original: Distribution): Promise<Distribution> {
    return original.parentId === null
      ? this.distributions.compose(actor, original.surveyId, this.copyOf(actor, original))
      : this.followUps.compose(actor, original.parentId, this.followUpLike(actor, original));
  }

  /** @returns how many reminders and thank-yous were copied below the copy, as drafts */
  private async withFollowUps(actor: Actor, original: Distribution, copy: Distribution): Promise<number> {
    const known = (await this.followUps.of(actor, [original.id])).get(original.id) ?? [];
    for (const { distribution } of known) {
      const like = this.followUpLike(actor, distribution);
      await this.followUps.compose(actor, copy.id, { ...like, mail: { ...like.mail, name: distribution.name } });
    }
    return known.length;
  }

  private followUpLike({ timeZone }: Actor, original: Distribution): FollowUpWords {
    const { requestType, afterHours, afterWhat, atOnce, thanksTurnedAway, ownPlan, plan } = original;
    return {
      requestType: requestType === 'ThankYou' ? 'ThankYou' : 'Reminder',
      time: { afterHours, afterWhat, atOnce },
      thanksTurnedAway,
      ownPlan,
      mail: {
        content: original.content?.copied() ?? {},
        name: this.words.say('copyOf', { title: titleOf(original, this.words.say) }),
        plan,
        sendAt: null,
        timeZone,
      },
    };
  }

  private copyOf({ timeZone }: Actor, original: Distribution): Composition {
    const {
      linkType,
      linkDays,
      skipFinished,
      embedded,
      audience: { listId, segmentId, contactId, listName, sample },
    } = original;
    return {
      content: original.content?.copied() ?? {},
      name: this.words.say('copyOf', { title: titleOf(original, this.words.say) }),
      listId,
      segmentId,
      contactId,
      listName,
      sample,
      linkType,
      linkDays,
      linkExpiresAt: null,
      skipFinished,
      embedded,
      plan: original.plan,
      sendAt: null,
      timeZone,
    };
  }
}
