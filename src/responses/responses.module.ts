import { Module } from '@nestjs/common';
import { LinksModule } from '../links/links.module.js';
import { SurveysModule } from '../surveys/surveys.module.js';
import { Announcing } from './announcing.js';
import { Drafts } from './drafts.js';
import { RespondentsController } from './respondents.controller.js';
import { Tickets } from './tickets.js';
import { Visits } from './visits.js';
import { Walking } from './walking.js';

/** How surveys are answered, and what answers leave. */
@Module({
  imports: [LinksModule, SurveysModule],
  controllers: [RespondentsController],
  providers: [Announcing, Drafts, Tickets, Visits, Walking],
})
export class ResponsesModule {}
