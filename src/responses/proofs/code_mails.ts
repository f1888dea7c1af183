import { Injectable, Logger } from '@nestjs/common';
import { MailerService } from '../../mailer/mailer.service.js';
import { Clock } from '../../platform/clock.js';
import { TokenBuckets } from '../../platform/net/token_buckets.js';
import { Views } from '../../platform/web/views.js';
import type { Visit } from '../visit.js';
import { codeMail } from './proofs.views.js';
import type { Provable } from './provable.js';

/** Codes to one address by whatever walk: six at once, and one more every ten minutes. */
const TO_ONE_ADDRESS = { burst: 6, perSecond: 6 / 3600 };

/**
 * Mails codes at once and past everything that is sent in bulk: people wait for them. They count for no weekly limit and go
 * to those who have opted out as well, because somebody has just asked for them. Lost with the process; asked for again.
 */
@Injectable()
export class CodeMails {
  private readonly log = new Logger(CodeMails.name);
  private readonly taken: TokenBuckets;

  constructor(
    private readonly mailer: MailerService,
    private readonly views: Views,
    private readonly clock: Clock,
  ) {
    this.taken = new TokenBuckets(clock, TO_ONE_ADDRESS);
  }

  /** Counts a code to this address. @returns until when it may have none, where it had too many */
  tooManyUntil(brandId: string, address: string): Date | undefined {
    const wait = this.taken.take(`${brandId} ${address.toLowerCase()}`);
    return wait === 0 ? undefined : new Date(this.clock.ms() + wait * 1000);
  }

  /** Whether mails of a brand leave by a way that codes may take. */
  async canSend(brandId: string): Promise<boolean> {
    return (await this.mailer.noticeAddressOf(brandId)) !== undefined;
  }

  /** Returns at once: the page says the same whatever becomes of the mail. */
  send(visit: Visit, provable: Provable, digits: string): void {
    void this.outcome(visit, provable, digits).catch((error: unknown) => this.failed((error as Error).message));
  }

  private async outcome(visit: Visit, provable: Provable, digits: string): Promise<void> {
    const { subject, model } = codeMail(visit, provable, digits);
    const html = this.views.part('responses/code_mail', model, { nonce: '', csrf: '', path: '' });
    const address = await this.mailer.noticeAddressOf(visit.way.brandId);
    if (address === undefined) {
      this.failed('no relay takes mails from an address of the installation or of an active domain of the brand');
      return;
    }
    const from = { name: provable.brand.name, address };
    const template = { from, subject: [subject], html: [html], isSystemMail: true };
    const { status, text } = await this.mailer.sendSingle(visit.way.brandId, {
      template,
      to: { address: provable.address },
    });
    if (status !== 'accepted') {
      this.failed(text);
    }
  }

  /** Without the address: whoever reads logs learns no more of people than is in the ledger. */
  private failed(reason: string): void {
    this.log.warn(`A code for another device was not sent: ${reason.replaceAll(/\S+@\S+/g, '…')}`);
  }
}
