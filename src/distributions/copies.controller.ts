import { Controller, Param, Post, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { type Actor, Me } from '../platform/auth/actor.js';
import { Can } from '../platform/auth/guard.js';
import { NotFound, WrongState } from '../platform/errors.js';
import { flash } from '../platform/web/flash.js';
import { Clock } from '../platform/clock.js';
import type { Composition } from './composition.js';
import type { Distribution } from './distribution.entity.js';
import { DistributionWords, titleOf } from './distribution_words.js';
import { DistributionsService } from './distributions.service.js';
import { type EmailAddress, EmailPage } from './email_page.js';

const HOUR_MS = 3_600_000;

/** Another draft with the same mail, audience and plan, at a time of its own: in one hour, until somebody says when. */
@Controller('surveys/:id/distributions/emails/:email/copies')
@Can('distributions:send')
export class CopiesController {
  constructor(
    private readonly distributions: DistributionsService,
    private readonly email: EmailPage,
    private readonly words: DistributionWords,
    private readonly clock: Clock,
  ) {}

  @Post()
  async create(@Me() actor: Actor, @Param() address: EmailAddress, @Req() request: Request, @Res() response: Response) {
    const { distribution } = await this.email.mustFind(actor, address);
    if (distribution.contactId !== null || distribution.parentId !== null) {
      throw new WrongState(this.words.say('form.locked'));
    }
    try {
      const composition = this.copyOf(actor, distribution);
      const copy = await this.distributions.compose(actor, distribution.surveyId, composition);
      flash(request, 'success', this.words.say('done.copy'));
      response.redirect(303, this.words.path(copy, '/edit'));
    } catch (error) {
      if (!(error instanceof NotFound)) {
        throw error;
      }
      // Its list is gone: the form asks for another one.
      response.redirect(303, this.words.list(distribution.surveyId, `/new?copy=${address.email}`));
    }
  }

  private copyOf({ timeZone }: Actor, original: Distribution): Composition {
    const { listId, segmentId, contactId, listName, sample, linkType, linkDays, skipFinished, embedded } = original;
    return {
      ...wordsOf(original),
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
      sendAt: new Date(Math.ceil((this.clock.ms() + HOUR_MS) / 300_000) * 300_000),
      timeZone,
    };
  }
}

function wordsOf(original: Distribution) {
  const { fromName, fromEmail, replyTo, subject, bodyHtml, bodyText } = original;
  const { preheader, language, versions, design, countsOpens } = original;
  const mail = { fromName, fromEmail, replyTo, subject, bodyHtml, bodyText };
  return { ...mail, preheader, language, versions, design, countsOpens };
}
