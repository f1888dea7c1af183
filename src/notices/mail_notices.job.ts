import { Injectable } from '@nestjs/common';
import { type PayloadOf, type Performs, PerformsJob } from '../platform/queue/jobs.js';
import { NoticeMails } from './notice_mails.js';
import { mailNotices } from './notices.jobs.js';

@PerformsJob(mailNotices)
@Injectable()
export class MailNoticesJob implements Performs<PayloadOf<typeof mailNotices>> {
  constructor(private readonly mails: NoticeMails) {}

  async perform({ brandId }: PayloadOf<typeof mailNotices>): Promise<void> {
    await this.mails.send(brandId);
  }

  async due(): Promise<PayloadOf<typeof mailNotices>[]> {
    return (await this.mails.waiting()).map((brandId) => ({ brandId }));
  }
}
