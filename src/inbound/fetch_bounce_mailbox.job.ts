import { Injectable } from '@nestjs/common';
import { type Performs, PerformsJob } from '../platform/queue/jobs.js';
import { BounceMailbox } from './bounce_mailbox.js';
import { fetchBounceMailbox } from './inbound.jobs.js';

const EVERY_MS = 60_000;

/** Once a minute, where a mailbox is configured. Safe to run twice at once: a mail is kept once, however often it is fetched. */
@PerformsJob(fetchBounceMailbox)
@Injectable()
export class FetchBounceMailboxJob implements Performs<{ mailbox: string }> {
  constructor(private readonly mailbox: BounceMailbox) {}

  perform(): Promise<void> {
    return this.mailbox.fetch();
  }

  async due(): Promise<{ mailbox: string }[]> {
    const { name } = this.mailbox;
    return name !== undefined && (await this.mailbox.isDue(EVERY_MS)) ? [{ mailbox: name }] : [];
  }
}
