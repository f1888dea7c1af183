import { Module } from '@nestjs/common';
import { ContactsModule } from '../../contacts/contacts.module.js';
import { MailerModule } from '../../mailer/mailer.module.js';
import { InboundModule } from '../../mailer/inbound/inbound.module.js';
import { OptOutsService } from '../opt_outs/opt_outs.service.js';
import { FoldDeliveriesJob } from './fold_deliveries.job.js';
import { FoldReturnsJob } from './fold_returns.job.js';
import { Forwarding } from './forwarding.js';
import { ReturnsService, ReturnsSurroundings } from './returns.service.js';
import { TellPauseJob } from './tell_pause.job.js';

/** What comes back: into the ledger, and onto the pages about deliverability. */
@Module({
  imports: [ContactsModule, InboundModule, MailerModule],
  providers: [
    FoldDeliveriesJob,
    FoldReturnsJob,
    Forwarding,
    OptOutsService,
    ReturnsService,
    ReturnsSurroundings,
    TellPauseJob,
  ],
})
export class ReturnsModule {}
