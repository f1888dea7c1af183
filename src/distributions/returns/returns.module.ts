import { Module } from '@nestjs/common';
import { ContactsModule } from '../../contacts/contacts.module.js';
import { MailerModule } from '../../mailer/mailer.module.js';
import { InboundModule } from '../../mailer/inbound/inbound.module.js';
import { DistributionsModule } from '../distributions.module.js';
import { OptOutsService } from '../opt_outs/opt_outs.service.js';
import { DeliverabilityController } from './deliverability.controller.js';
import { DeliverabilityPage } from './deliverability_page.js';
import { EmailPort } from './email_port.js';
import { EmailFrames } from './email_frames.js';
import { FoldDeliveriesJob } from './fold_deliveries.job.js';
import { FoldReturnsJob } from './fold_returns.job.js';
import { Forwarding } from './forwarding.js';
import { ReturnsService, ReturnsSurroundings } from './returns.service.js';
import { ReturnedMailsController } from './returned_mails.controller.js';
import { ReturnedPage } from './returned_page.js';
import { ReturnedSource } from './returned_source.js';
import { Suppressions } from './suppressions.js';
import { SuppressionsController } from './suppressions.controller.js';
import { SuppressionsPage } from './suppressions_page.js';
import { WarmUpsPage, WarmUpSurroundings } from './warm_ups_page.js';

/** What comes back: into the ledger, and onto the pages about deliverability. */
@Module({
  imports: [ContactsModule, DistributionsModule, InboundModule, MailerModule],
  controllers: [DeliverabilityController, ReturnedMailsController, SuppressionsController],
  providers: [
    DeliverabilityPage,
    EmailFrames,
    EmailPort,
    FoldDeliveriesJob,
    FoldReturnsJob,
    Forwarding,
    OptOutsService,
    ReturnedPage,
    ReturnedSource,
    ReturnsService,
    ReturnsSurroundings,
    Suppressions,
    SuppressionsPage,
    WarmUpsPage,
    WarmUpSurroundings,
  ],
})
export class ReturnsModule {}
