import { Body, Controller, Param, Post, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { type Actor, Me } from '../platform/auth/actor.js';
import { Can } from '../platform/auth/guard.js';
import { flash } from '../platform/web/flash.js';
import { form } from '../platform/web/form.js';
import { cancelEmail, type CancelEmail } from './emails.forms.js';
import { DistributionWords } from './distribution_words.js';
import { type EmailAddress, EmailPage } from './email_page.js';
import { RecipientsService } from './recipients/recipients.service.js';
import { SendingAgain } from './recipients/sending_again.js';
import { SteeringService } from './steering.service.js';

/** Pause, cancel, reopen, delete: a POST each, then back to a page that shows what it did. */
@Controller('surveys/:id/distributions/emails/:email')
@Can('distributions:send')
export class EmailStatesController {
  constructor(
    private readonly steering: SteeringService,
    private readonly email: EmailPage,
    private readonly recipients: RecipientsService,
    private readonly again: SendingAgain,
    private readonly words: DistributionWords,
  ) {}

  @Post('pause')
  pause(@Me() actor: Actor, @Param() address: EmailAddress, @Req() request: Request, @Res() response: Response) {
    return this.steer({ actor, address, request, response }, async (id) => {
      await this.steering.pause(actor, id);
      return this.words.say('done.pause');
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

  /** Once more to this one person, and back to their page. */
  @Post('messages/:message/resend')
  async resendOne(
    @Me() actor: Actor,
    @Param() { message, ...address }: EmailAddress & { message: string },
    @Req() request: Request,
    @Res() response: Response,
  ) {
    const { distribution } = await this.email.mustFind(actor, address);
    const { row } = await this.recipients.mustFind(actor, distribution.id, this.words.messageIdOf(message));
    flash(request, 'success', await this.again.send(actor, distribution, row));
    response.redirect(303, this.words.path(distribution, `/messages/${message}`));
  }

  /** No further try for this one person, and back to their page. */
  @Post('messages/:message/stop')
  async stopOne(
    @Me() actor: Actor,
    @Param() { message, ...address }: EmailAddress & { message: string },
    @Req() request: Request,
    @Res() response: Response,
  ) {
    const { distribution } = await this.email.mustFind(actor, address);
    await this.steering.stopTrying(actor, distribution.id, this.words.messageIdOf(message));
    flash(request, 'success', this.words.say('done.stop'));
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
