import { Module } from '@nestjs/common';
import { BounceListener } from './bounce_listener.js';
import { BounceMailbox } from './bounce_mailbox.js';
import { FetchBounceMailboxJob } from './fetch_bounce_mailbox.job.js';
import { InboundService } from './inbound.service.js';
import { OwnAddresses } from './reading/own_addresses.js';
import { ReadInboundMailsJob } from './read_inbound_mails.job.js';
import { RetentionService } from './retention.service.js';

/** Where mails come back: the door, the mailbox that is fetched from, and the reading. */
@Module({
  providers: [
    BounceListener,
    BounceMailbox,
    FetchBounceMailboxJob,
    InboundService,
    OwnAddresses,
    ReadInboundMailsJob,
    RetentionService,
  ],
  exports: [InboundService, RetentionService],
})
export class InboundModule {}
