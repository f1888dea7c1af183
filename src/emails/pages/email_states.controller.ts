import { Body, Controller, Param, Post } from '@nestjs/common';
import { type Actor, Me } from '../../platform/auth/actor.js';
import { Can } from '../../platform/auth/guard.js';
import { addresses } from '../../platform/web/addresses.js';
import { type Answer, goneTo } from '../../platform/web/answers.js';
import { form } from '../../platform/web/form.js';
import { cancelEmail, type CancelEmail } from './emails.forms.js';
import { DistributionWords } from '../../ledger/distribution_words.js';
import { type EmailAddress, EmailsPage } from '../../distributions/emails_page.js';
import { RecipientsService } from '../../ledger/recipients/recipients.service.js';
import { SendingAgain } from '../../distributions/sending_again.js';
import { SteeringService } from '../../distributions/steering.service.js';

/** Pause, cancel, reopen, delete: a POST each, then back to a page that shows what it did. */
@Controller('surveys/:id/distributions/emails/:email')
@Can('distributions:send')
export class EmailStatesController {
  constructor(
    private readonly steering: SteeringService,
    private readonly emails: EmailsPage,
    private readonly recipients: RecipientsService,
    private readonly again: SendingAgain,
    private readonly words: DistributionWords,
  ) {}

  @Post('pause')
  pause(@Me() actor: Actor, @Param() address: EmailAddress): Promise<Answer> {
    return this.steer(actor, address, async (id) => {
      await this.steering.pause(actor, id);
      return this.words.say('done.pause');
    });
  }

  @Post('cancel')
  cancel(
    @Me() actor: Actor,
    @Param() address: EmailAddress,
    @Body(form(cancelEmail)) { followUps }: CancelEmail,
  ): Promise<Answer> {
    return this.steer(actor, address, async (id) => {
      const stopped = await this.steering.cancel(actor, id, { keepsFollowUps: followUps === 'keep' });
      const { tallies } = await this.emails.mustFind(actor, address);
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
  ): Promise<Answer> {
    const { distribution } = await this.emails.mustFind(actor, address);
    const { row } = await this.recipients.mustFind(actor, distribution.id, this.words.messageIdOf(message));
    return goneTo(addresses.mails.message(...this.words.at(distribution), message)).saying(
      await this.again.send(actor, distribution, row),
    );
  }

  /** No further try for this one person, and back to their page. */
  @Post('messages/:message/stop')
  async stopOne(
    @Me() actor: Actor,
    @Param() { message, ...address }: EmailAddress & { message: string },
  ): Promise<Answer> {
    const { distribution } = await this.emails.mustFind(actor, address);
    await this.steering.stopTrying(actor, distribution.id, this.words.messageIdOf(message));
    return goneTo(addresses.mails.message(...this.words.at(distribution), message)).saying(this.words.say('done.stop'));
  }

  /** Back to a draft after a failure that sent nothing; on to its form. */
  @Post('reopen')
  async reopen(@Me() actor: Actor, @Param() address: EmailAddress): Promise<Answer> {
    const { distribution } = await this.emails.mustFind(actor, address);
    await this.steering.reopen(actor, distribution.id);
    return goneTo(addresses.mails.edit(...this.words.at(distribution))).saying(this.words.say('done.reopen'));
  }

  @Post('remove')
  async destroy(@Me() actor: Actor, @Param() address: EmailAddress): Promise<Answer> {
    const { distribution } = await this.emails.mustFind(actor, address);
    await this.steering.remove(actor, distribution.id);
    return goneTo(addresses.mails.list(this.words.shownSurvey(distribution.surveyId))).saying(
      this.words.say('done.remove'),
    );
  }

  private async steer(actor: Actor, address: EmailAddress, act: (id: string) => Promise<string>): Promise<Answer> {
    const { distribution } = await this.emails.mustFind(actor, address);
    return goneTo(addresses.mails.page(...this.words.at(distribution))).saying(await act(distribution.id));
  }
}
