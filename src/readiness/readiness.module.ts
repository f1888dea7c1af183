import { Module } from '@nestjs/common';
import { LimitsModule } from '../limits/limits.module.js';
import { MailerModule } from '../mailer/mailer.module.js';
import { MailingState } from './mailing_state.js';
import { ReadinessController } from './readiness.controller.js';
import { ReadinessService } from './readiness.service.js';

/** Whether a brand is ready to send. */
@Module({
  imports: [LimitsModule, MailerModule],
  controllers: [ReadinessController],
  providers: [MailingState, ReadinessService],
})
export class ReadinessModule {}
