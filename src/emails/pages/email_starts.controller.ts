import { Body, Controller, HttpStatus, Param, Post } from '@nestjs/common';
import { type Actor, Me } from '../../platform/auth/actor.js';
import { Can } from '../../platform/auth/guard.js';
import { addresses } from '../../platform/web/addresses.js';
import { type Answer, drawn, goneTo } from '../../platform/web/answers.js';
import { form } from '../../platform/web/form.js';
import { DistributionWords } from '../../ledger/distribution_words.js';
import { type EmailAddress, EmailsPage } from '../../distributions/emails_page.js';
import { type ConfirmStart, confirmStart } from './emails.forms.js';
import { FollowUpsService } from '../../distributions/follow_ups/follow_ups.service.js';
import type { Start } from '../../distributions/sending_consent.js';
import { StartPage } from '../../distributions/start_page.js';
import { SteeringService } from '../../distributions/steering.service.js';

/** Who pressed what, and what confirms it. */
interface Pressed {
  actor: Actor;
  address: EmailAddress;
  confirm: string | undefined;
}

/**
 * Whatever makes mails leave, beside sending a draft. Above the size that the brand sets, the answer is 422 with a page
 * that asks for the number; the same address takes it.
 */
@Controller('surveys/:id/distributions/emails/:email')
@Can('distributions:send')
export class EmailStartsController {
  constructor(
    private readonly steering: SteeringService,
    private readonly followUps: FollowUpsService,
    private readonly emails: EmailsPage,
    private readonly page: StartPage,
    private readonly words: DistributionWords,
  ) {}

  @Post('resume')
  resume(
    @Me() actor: Actor,
    @Param() address: EmailAddress,
    @Body(form(confirmStart)) { confirm }: ConfirmStart,
  ): Promise<Answer> {
    return this.start('resume', { actor, address, confirm }, async (id) => {
      await this.steering.resume(actor, id);
      return this.words.say('done.resume');
    });
  }

  /** It was held because it is late: now it goes all the same. */
  @Post('late')
  sendLate(
    @Me() actor: Actor,
    @Param() address: EmailAddress,
    @Body(form(confirmStart)) { confirm }: ConfirmStart,
  ): Promise<Answer> {
    return this.start('late', { actor, address, confirm }, async (id) => {
      await this.steering.sendLate(actor, id);
      return this.words.say('done.late');
    });
  }

  @Post('retry')
  retry(
    @Me() actor: Actor,
    @Param() address: EmailAddress,
    @Body(form(confirmStart)) { confirm }: ConfirmStart,
  ): Promise<Answer> {
    return this.start('retry', { actor, address, confirm }, async (id) =>
      this.words.counted('done.retry', await this.steering.retryFailed(actor, id)),
    );
  }

  /** The waves that were kept back because enough people had finished. */
  @Post('waves')
  goOnWithWaves(
    @Me() actor: Actor,
    @Param() address: EmailAddress,
    @Body(form(confirmStart)) { confirm }: ConfirmStart,
  ): Promise<Answer> {
    return this.start('waves', { actor, address, confirm }, async (id) =>
      this.words.counted('done.waves', await this.steering.goOnWithWaves(actor, id)),
    );
  }

  /** Once more to whoever may have got it or not. */
  @Post('resend')
  resend(
    @Me() actor: Actor,
    @Param() address: EmailAddress,
    @Body(form(confirmStart)) { confirm }: ConfirmStart,
  ): Promise<Answer> {
    return this.start('resend', { actor, address, confirm }, async (id) =>
      this.words.counted('done.resend', await this.steering.resendUncertain(actor, id)),
    );
  }

  /** A reminder or thank-you that waits for its time goes now. */
  @Post('hasten')
  hasten(
    @Me() actor: Actor,
    @Param() address: EmailAddress,
    @Body(form(confirmStart)) { confirm }: ConfirmStart,
  ): Promise<Answer> {
    return this.start('hasten', { actor, address, confirm }, async (id) =>
      this.words.counted('review.sent', (await this.followUps.sendNow(actor, id)).reserved),
    );
  }

  private async start(
    start: Start,
    { actor, address, confirm }: Pressed,
    act: (id: string) => Promise<string>,
  ): Promise<Answer> {
    const found = await this.emails.mustFind(actor, address);
    const question = await this.page.asks(actor, start, found, confirm);
    return question === undefined
      ? goneTo(addresses.mails.page(...this.words.at(found.distribution))).saying(await act(found.distribution.id))
      : drawn('distributions/start', question, HttpStatus.UNPROCESSABLE_ENTITY);
  }
}
