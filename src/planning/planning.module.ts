import { Module } from '@nestjs/common';
import { AudiencesModule } from '../audiences/audiences.module.js';
import { LedgerModule } from '../ledger/ledger.module.js';
import { LimitsModule } from '../limits/limits.module.js';
import { LinksModule } from '../links/links.module.js';
import { SurveysModule } from '../surveys/surveys.module.js';
import { ChannelContents } from './channel_content.js';
import { CountOutlookJob } from './count_outlook.job.js';
import { Outlooks } from './outlooks.service.js';
import { PlanningService } from './planning.service.js';
import { Releases } from './releases.service.js';
import { Rescheduling } from './rescheduling.js';
import { SendingChecks } from './sending_checks.js';
import { WeeklyLimitsListener } from './weekly_limits.listener.js';

/** When mails leave, and the rows that say so. */
@Module({
  imports: [AudiencesModule, LedgerModule, LimitsModule, LinksModule, SurveysModule],
  providers: [
    ChannelContents,
    CountOutlookJob,
    Outlooks,
    PlanningService,
    Releases,
    Rescheduling,
    SendingChecks,
    WeeklyLimitsListener,
  ],
  exports: [ChannelContents, Outlooks, PlanningService, Releases, Rescheduling, SendingChecks],
})
export class PlanningModule {}
