import { Injectable } from '@nestjs/common';
import { type PayloadOf, type Performs, PerformsJob } from '../platform/queue/jobs.js';
import { Noticing } from './noticing.js';
import { noticeNews } from './notices.jobs.js';

@PerformsJob(noticeNews)
@Injectable()
export class NoticeNewsJob implements Performs<PayloadOf<typeof noticeNews>> {
  constructor(private readonly noticing: Noticing) {}

  async perform({ brandId }: PayloadOf<typeof noticeNews>): Promise<void> {
    await this.noticing.of(brandId);
  }

  async due(): Promise<PayloadOf<typeof noticeNews>[]> {
    return (await this.noticing.waiting()).map((brandId) => ({ brandId }));
  }
}
