import { Injectable } from '@nestjs/common';
import { type Performs, PerformsJob } from '../platform/queue/jobs.js';
import { readInboundMails } from './inbound.jobs.js';
import { InboundService } from './inbound.service.js';

/** When mails came back. Safe to run twice: each mail is locked while it is read, and read once. */
@PerformsJob(readInboundMails)
@Injectable()
export class ReadInboundMailsJob implements Performs<{ brandId: string }> {
  constructor(private readonly inbound: InboundService) {}

  perform({ brandId }: { brandId: string }): Promise<void> {
    return this.inbound.readAll(brandId);
  }

  due(): Promise<{ brandId: string }[]> {
    return this.inbound.brandsWithUnread();
  }
}
