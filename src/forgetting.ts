import { Injectable } from '@nestjs/common';
import { WebSessionsService } from './accounts/web_sessions.service.js';
import { RetentionService } from './mailer/retention.service.js';

/** What goes because its time is over, one line each. */
@Injectable()
export class Forgetting {
  constructor(
    private readonly sessions: WebSessionsService,
    private readonly mails: RetentionService,
  ) {}

  async forget(): Promise<void> {
    await this.sessions.forgetEnded();
    await this.mails.forget();
  }
}
