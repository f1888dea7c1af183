import { Injectable } from '@nestjs/common';
import { WebSessionsService } from './accounts/web_sessions.service.js';
import { RetentionService } from './mailer/retention.service.js';
import { NoticesService } from './notices/notices.service.js';

/** What goes because its time is over, one line each. */
@Injectable()
export class Forgetting {
  constructor(
    private readonly sessions: WebSessionsService,
    private readonly mails: RetentionService,
    private readonly notices: NoticesService,
  ) {}

  async forget(): Promise<void> {
    await this.sessions.forgetEnded();
    await this.mails.forget();
    await this.notices.forget();
  }
}
