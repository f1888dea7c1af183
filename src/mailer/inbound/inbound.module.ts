import { Module } from '@nestjs/common';
import { BounceListener } from './bounce_listener.js';
import { InboundNews, InboundService } from './inbound.service.js';
import { ReadInboundMailsJob } from './read_inbound_mails.job.js';

/** Where mails come back: the door, the mailbox that is fetched from, and the reading. */
@Module({
  providers: [BounceListener, InboundNews, InboundService, ReadInboundMailsJob],
  exports: [InboundService],
})
export class InboundModule {}
