import { Body, Controller, Get, HttpStatus, Param, Post, Render, Req } from '@nestjs/common';
import type { Request } from 'express';
import { type Actor, Me } from '../../platform/auth/actor.js';
import { Can } from '../../platform/auth/guard.js';
import { DomainError } from '../../platform/errors.js';
import { addresses } from '../../platform/web/addresses.js';
import { type Answer, drawn, goneTo } from '../../platform/web/answers.js';
import { form } from '../../platform/web/form.js';
import { takeWayBack } from '../../platform/web/session/way_back.js';
import { sendReviewed, type SentForm } from '../compose/compositions.forms.js';
import { DistributionWords } from '../../ledger/distribution_words.js';
import { afterWordsWithin } from '../../distributions/follow_ups/following_words.js';
import type { FoundDistribution } from '../../ledger/found_distributions.service.js';
import { DistributionsService } from '../../distributions/distributions.service.js';
import { type EmailAddress, EmailsPage } from '../../distributions/emails_page.js';
import type { ReviewRefusal } from '../review/review_numbers.js';
import { ReviewPage } from '../review/review_page.js';
import { SendingConsent } from '../../distributions/sending_consent.js';

/** The review before sending, and sending. */
@Controller('surveys/:id/distributions/emails/:email')
@Can('distributions:send')
export class SendingsController {
  constructor(
    private readonly distributions: DistributionsService,
    private readonly emails: EmailsPage,
    private readonly review: ReviewPage,
    private readonly consent: SendingConsent,
    private readonly words: DistributionWords,
  ) {}

  /** What was typed into a draft and is not complete is not looked at as if it were: its author goes on there. */
  @Get('review')
  async show(@Me() actor: Actor, @Param() address: EmailAddress): Promise<Answer> {
    const found = await this.emails.mustFind(actor, address);
    if (found.distribution.isDraft && found.distribution.writing.typed !== null) {
      return goneTo(addresses.mails.edit(...this.words.at(found.distribution))).saying(
        this.words.say('autosave.unfinished'),
        'warning',
      );
    }
    return drawn('distributions/new', await this.review.show(actor, found));
  }

  /** The numbers of a long list, as soon as they are counted. */
  @Get('review/now')
  @Render('distributions/reviewed')
  async now(@Me() actor: Actor, @Param() address: EmailAddress): Promise<object> {
    return this.review.now(actor, await this.emails.mustFind(actor, address));
  }

  /** What is refused is told on the review again: nothing is planned, and the draft is as it was. */
  @Post('send')
  async create(
    @Me() actor: Actor,
    @Param() address: EmailAddress,
    @Body(form(sendReviewed)) sent: SentForm,
    @Req() request: Request,
  ): Promise<Answer> {
    const found = await this.emails.mustFind(actor, address);
    const { distribution } = found;
    if (distribution.isDraft && sent.reviewed !== String(distribution.modifiedAt.getTime())) {
      return goneTo(addresses.mails.review(...this.words.at(distribution))).saying(
        this.words.say('review.changed'),
        'warning',
      );
    }
    if (distribution.isDraft && !(await this.consent.isGiven(actor, distribution, sent.confirm))) {
      const refusal = { message: this.words.say('review.confirmWrong'), typed: sent.confirm };
      return this.again(actor, found, HttpStatus.UNPROCESSABLE_ENTITY, refusal);
    }
    try {
      const gone = await this.distributions.send(actor, distribution.id, {
        inParts: sent.parts,
        isPressed: sent.reviewed !== '',
      });
      // It is no draft any more that somebody could want to go back to.
      takeWayBack(request, addresses.mails.page(...this.words.at(distribution)));
      return goneTo(addresses.mails.page(...this.words.at(distribution))).saying(this.news(actor, gone));
    } catch (error) {
      if (!(error instanceof DomainError) || error.code === undefined) {
        throw error;
      }
      const now = await this.emails.mustFind(actor, address);
      return this.again(actor, now, HttpStatus.CONFLICT, error);
    }
  }

  private async again(
    actor: Actor,
    found: FoundDistribution,
    status: HttpStatus,
    refusal: ReviewRefusal,
  ): Promise<Answer> {
    return drawn('distributions/new', await this.review.show(actor, found, refusal), status);
  }

  private news(actor: Actor, sent: Awaited<ReturnType<DistributionsService['send']>>): string {
    const { status, sendAt, reserved, expectedMails, waitsForAnother } = sent;
    if (waitsForAnother) {
      return this.words.say('follow.waits', { when: afterWordsWithin(sent, this.words) });
    }
    if (status === 'scheduled' && sendAt !== null) {
      return this.words.say('review.scheduled', { at: this.words.exact(actor, sendAt) });
    }
    return reserved < expectedMails
      ? this.words.counted('review.sentInParts', reserved, { rest: (expectedMails - reserved).toLocaleString('en') })
      : this.words.counted('review.sent', reserved);
  }
}
