import { Module } from '@nestjs/common';
import { LinksModule } from '../links/links.module.js';
import { SurveysModule } from '../surveys/surveys.module.js';
import { Announcing } from './announcing.js';
import { CloseSessionsJob } from './close_sessions.job.js';
import { Drafts } from './drafts.js';
import { RespondentsController } from './respondents.controller.js';
import { SessionsService } from './sessions.service.js';
import { Tickets } from './tickets.js';
import { Visits } from './visits.js';
import { Walking } from './walking.js';

/** How surveys are answered, and what answers leave. */
@Module({
  imports: [LinksModule, SurveysModule],
  controllers: [RespondentsController],
  exports: [SessionsService],
  providers: [Announcing, CloseSessionsJob, Drafts, SessionsService, Tickets, Visits, Walking],
})
export class ResponsesModule {}
