import { Body, Controller, Param, Post, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { type Actor, Me } from '../platform/auth/actor.js';
import { Can } from '../platform/auth/guard.js';
import { flash } from '../platform/web/flash.js';
import { form } from '../platform/web/form.js';
import { cancelEmail, type CancelEmail } from './emails.forms.js';
import { DistributionWords } from './distribution_words.js';
import { type EmailAddress, EmailPage } from './email_page.js';
import { SteeringService } from './steering.service.js';

/** Pause, resume, cancel, try again, delete: a POST each, then back to a page that shows what it did. */
@Controller('surveys/:id/distributions/emails/:email')
@Can('distributions:send')
export class EmailStatesController {
  constructor(
    private readonly steering: SteeringService,
    private readonly email: EmailPage,
    private readonly words: DistributionWords,
  ) {}

  @Post('pause')
  pause(@Me() actor: Actor, @Param() address: EmailAddress, @Req() request: Request, @Res() response: Response) {
    return this.steer({ actor, address, request, response }, async (id) => {
      await this.steering.pause(actor, id);
      return this.words.say('done.pause');
    });
  }

  @Post('resume')
  resume(@Me() actor: Actor, @Param() address: EmailAddress, @Req() request: Request, @Res() response: Response) {
    return this.steer({ actor, address, request, response }, async (id) => {
      await this.steering.resume(actor, id);
      return this.words.say('done.resume');
    });
  }

  /** It was held because it is late: now it goes all the same. */
  @Post('late')
  sendLate(@Me() actor: Actor, @Param() address: EmailAddress, @Req() request: Request, @Res() response: Response) {
    return this.steer({ actor, address, request, response }, async (id) => {
      await this.steering.sendLate(actor, id);
      return this.words.say('done.late');
    });
  }

  @Post('cancel')
  cancel(
    @Me() actor: Actor,
    @Param() address: EmailAddress,
    @Body(form(cancelEmail)) { followUps }: CancelEmail,
    @Req() request: Request,
    @Res() response: Response,
  ) {
    return this.steer({ actor, address, request, response }, async (id) => {
      const stopped = await this.steering.cancel(actor, id, { keepsFollowUps: followUps === 'keep' });
      const { tallies } = await this.email.mustFind(actor, address);
      const gone = tallies.accepted + tallies.uncertain + tallies.wire;
      const words = this.words.counted('done.cancel', stopped);
      return gone === 0 ? words : `${words} ${this.words.counted('cancelDialog.gone', gone)}`;
    });
  }

  @Post('retry')
  retry(@Me() actor: Actor, @Param() address: EmailAddress, @Req() request: Request, @Res() response: Response) {
    return this.steer({ actor, address, request, response }, async (id) =>
      this.words.counted('done.retry', await this.steering.retryFailed(actor, id)),
    );
  }

  /** The waves that were kept back because enough people had finished. */
  @Post('waves')
  goOnWithWaves(
    @Me() actor: Actor,
    @Param() address: EmailAddress,
    @Req() request: Request,
    @Res() response: Response,
  ) {
    return this.steer({ actor, address, request, response }, async (id) =>
      this.words.counted('done.waves', await this.steering.goOnWithWaves(actor, id)),
    );
  }

  /** Once more to whoever may have got it or not. */
  @Post('resend')
  resend(@Me() actor: Actor, @Param() address: EmailAddress, @Req() request: Request, @Res() response: Response) {
    return this.steer({ actor, address, request, response }, async (id) =>
      this.words.counted('done.resend', await this.steering.resendUncertain(actor, id)),
    );
  }

  /** Once more to this one person, and back to their page. */
  @Post('messages/:message/resend')
  async resendOne(
    @Me() actor: Actor,
    @Param() { message, ...address }: EmailAddress & { message: string },
    @Req() request: Request,
    @Res() response: Response,
  ) {
    const { distribution } = await this.email.mustFind(actor, address);
    const sent = await this.steering.resendUncertain(actor, distribution.id, this.words.messageIdOf(message));
    flash(request, 'success', this.words.counted('done.resend', sent));
    response.redirect(303, this.words.path(distribution, `/messages/${message}`));
  }

  /** Back to a draft after a failure that sent nothing; on to its form. */
  @Post('reopen')
  async reopen(@Me() actor: Actor, @Param() address: EmailAddress, @Req() request: Request, @Res() response: Response) {
    const { distribution } = await this.email.mustFind(actor, address);
    await this.steering.reopen(actor, distribution.id);
    flash(request, 'success', this.words.say('done.reopen'));
    response.redirect(303, this.words.path(distribution, '/edit'));
  }

  @Post('remove')
  async destroy(
    @Me() actor: Actor,
    @Param() address: EmailAddress,
    @Req() request: Request,
    @Res() response: Response,
  ) {
    const { distribution } = await this.email.mustFind(actor, address);
    await this.steering.remove(actor, distribution.id);
    flash(request, 'success', this.words.say('done.remove'));
    response.redirect(303, this.words.list(distribution.surveyId));
  }

  private async steer(
    {
      actor,
      address,
      request,
      response,
    }: { actor: Actor; address: EmailAddress; request: Request; response: Response },
    act: (id: string) => Promise<string>,
  ): Promise<void> {
    const { distribution } = await this.email.mustFind(actor, address);
    flash(request, 'success', await act(distribution.id));
    response.redirect(303, this.words.path(distribution));
  }
}
