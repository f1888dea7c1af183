import { Module } from '@nestjs/common';
import { ResponsesModule } from '../responses/responses.module.js';
import { MethodsService } from '../surveys/methods.service.js';
import { SurveysModule } from '../surveys/surveys.module.js';
import { FoldSummariesJob } from './fold_summaries.job.js';
import { Folding } from './folding.js';
import { SummariesController } from './summaries.controller.js';
import { SummariesService } from './summaries.service.js';
import { summary } from './summary.method.js';
import { SummaryPages } from './summary_pages.js';

/** What came back: the live figures of a survey. */
@Module({
  imports: [SurveysModule, ResponsesModule],
  controllers: [SummariesController],
  providers: [FoldSummariesJob, Folding, SummariesService, SummaryPages],
  exports: [Folding, SummariesService],
})
export class SummariesModule {
  constructor(methods: MethodsService) {
    methods.add(summary);
  }
}
