import { Body, Controller, Get, HttpStatus, Param, Post, Render, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { type Actor, Me } from '../platform/auth/actor.js';
import { Can } from '../platform/auth/guard.js';
import { DomainError } from '../platform/errors.js';
import { flash } from '../platform/web/flash.js';
import { form } from '../platform/web/form.js';
import { sendReviewed } from './mails/compositions.forms.js';
import { DistributionWords } from './distribution_words.js';
import { DistributionsService } from './distributions.service.js';
import { type EmailAddress, EmailPage } from './email_page.js';
import { ReviewPage } from './mails/review_page.js';

/** The review before sending, and sending. */
@Controller('surveys/:id/distributions/emails/:email')
@Can('distributions:send')
export class SendingsController {
  constructor(
    private readonly distributions: DistributionsService,
    private readonly email: EmailPage,
    private readonly review: ReviewPage,
    private readonly words: DistributionWords,
  ) {}

  @Get('review')
  @Render('distributions/review')
  async show(@Me() actor: Actor, @Param() address: EmailAddress): Promise<object> {
    return this.review.show(actor, await this.email.mustFind(actor, address));
  }

  /** What is refused is told on the review again: nothing is planned, and the draft is as it was. */
  @Post('send')
  async create(
    @Me() actor: Actor,
    @Param() address: EmailAddress,
    @Body(form(sendReviewed)) { reviewed }: { reviewed: string },
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const found = await this.email.mustFind(actor, address);
    const { distribution } = found;
    if (distribution.isDraft && reviewed !== String(distribution.modifiedAt.getTime())) {
      flash(request, 'warning', this.words.say('review.changed'));
      response.redirect(303, this.words.path(distribution, '/review'));
      return;
    }
    try {
      const sent = await this.distributions.send(actor, distribution.id);
      flash(request, 'success', this.news(actor, sent));
      response.redirect(303, this.words.path(distribution));
    } catch (error) {
      if (!(error instanceof DomainError) || error.code === undefined) {
        throw error;
      }
      const model = await this.review.show(actor, await this.email.mustFind(actor, address), error);
      response.status(HttpStatus.CONFLICT).render('distributions/review', model);
    }
  }

  private news(actor: Actor, { status, sendAt, reserved }: Awaited<ReturnType<DistributionsService['send']>>): string {
    return status === 'scheduled' && sendAt !== null
      ? this.words.say('review.scheduled', { at: this.words.exact(actor, sendAt) })
      : this.words.counted('review.sent', reserved);
  }
}
