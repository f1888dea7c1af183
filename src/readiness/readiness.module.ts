import { Module } from '@nestjs/common';
import { DistributionsModule } from '../distributions/distributions.module.js';
import { MailerModule } from '../mailer/mailer.module.js';
import { MailingState } from './mailing_state.js';
import { ReadinessController } from './readiness.controller.js';
import { ReadinessService } from './readiness.service.js';

/** Whether a brand is ready to send. */
@Module({
  imports: [DistributionsModule, MailerModule],
  controllers: [ReadinessController],
  providers: [MailingState, ReadinessService],
})
export class ReadinessModule {}
