import { Module } from '@nestjs/common';
import { AudiencesModule } from '../audiences/audiences.module.js';
import { LedgerModule } from '../ledger/ledger.module.js';
import { LimitsModule } from '../limits/limits.module.js';
import { PlanningModule } from '../planning/planning.module.js';
import { SurveysModule } from '../surveys/surveys.module.js';
import { DispatchDistributionJob } from './dispatch_distribution.job.js';
import { DispatchingService } from './dispatching.service.js';
import { Ports } from './port.js';
import { Turns } from './turns.js';

/** What is due, through the ports of the channels. */
@Module({
  imports: [AudiencesModule, LedgerModule, LimitsModule, PlanningModule, SurveysModule],
  providers: [DispatchDistributionJob, DispatchingService, Ports, Turns],
  exports: [Ports],
})
export class SendingModule {}
