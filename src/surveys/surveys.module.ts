import { MikroOrmModule } from '@mikro-orm/nestjs';
import { Module } from '@nestjs/common';
import { PublishedSurveys } from './published_surveys.js';
import { Survey } from './survey.entity.js';
import { SurveyHeaders } from './survey_headers.js';
import { SurveyStages } from './survey_stages.js';
import { SurveyVersion } from './survey_version.entity.js';
import { SurveysService } from './surveys.service.js';

/** What is asked and when: surveys, their versions, stages and shares. */
@Module({
  imports: [MikroOrmModule.forFeature([Survey, SurveyVersion])],
  providers: [PublishedSurveys, SurveyHeaders, SurveyStages, SurveysService],
  exports: [SurveysService],
})
export class SurveysModule {}
