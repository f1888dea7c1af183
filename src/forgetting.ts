import { Injectable } from '@nestjs/common';
import { WebSessionsService } from './accounts/web_sessions.service.js';
import { RetentionService } from './inbound/retention.service.js';
import { MailboxRetentionService } from './mailer/mailbox/mailbox_retention.service.js';
import { NoticesService } from './notices/notices.service.js';

/** What goes because its time is over, one line each. */
@Injectable()
export class Forgetting {
  constructor(
    private readonly sessions: WebSessionsService,
    private readonly mails: RetentionService,
    private readonly mailbox: MailboxRetentionService,
    private readonly notices: NoticesService,
  ) {}

  async forget(): Promise<void> {
    await this.sessions.forgetEnded();
    await this.mails.forget();
    await this.mailbox.forget();
    await this.notices.forget();
  }
}
