import { Module } from '@nestjs/common';
import { ContactsModule } from '../contacts/contacts.module.js';
import { DistributionsModule } from '../distributions/distributions.module.js';
import { EmailsModule } from '../emails/emails.module.js';
import { InboundModule } from '../inbound/inbound.module.js';
import { LedgerModule } from '../ledger/ledger.module.js';
import { MailerModule } from '../mailer/mailer.module.js';
import { PlanningModule } from '../planning/planning.module.js';
import { SendingModule } from '../sending/sending.module.js';
import { DeliverabilityController } from './deliverability.controller.js';
import { DeliverabilityPage } from './deliverability_page.js';
import { EmailFrames } from './email_frames.js';
import { EmailPort } from './email_port.js';
import { ReturnsService } from './evidence/returns.service.js';
import { FoldDeliveriesJob } from './fold_deliveries.job.js';
import { FoldReturnsJob } from './fold_returns.job.js';
import { Forwarding } from './forwarding.js';
import { ReturnedMailsController } from './returned_mails.controller.js';
import { ReturnedPage } from './returned_page.js';
import { ReturnedSource } from './returned_source.js';
import { SuppressionsController } from './suppressions.controller.js';
import { Suppressions } from './suppressions.js';
import { SuppressionsPage } from './suppressions_page.js';
import { WarmUpsPage } from './warm_ups_page.js';

/** What comes back: into the ledger, and onto the pages about deliverability. */
@Module({
  imports: [
    ContactsModule,
    DistributionsModule,
    EmailsModule,
    InboundModule,
    LedgerModule,
    MailerModule,
    PlanningModule,
    SendingModule,
  ],
  controllers: [DeliverabilityController, ReturnedMailsController, SuppressionsController],
  providers: [
    DeliverabilityPage,
    EmailFrames,
    EmailPort,
    FoldDeliveriesJob,
    FoldReturnsJob,
    Forwarding,
    ReturnedPage,
    ReturnedSource,
    ReturnsService,
    Suppressions,
    SuppressionsPage,
    WarmUpsPage,
  ],
})
export class DeliverabilityModule {}
