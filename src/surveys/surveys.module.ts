import { MikroOrmModule } from '@mikro-orm/nestjs';
import { Module } from '@nestjs/common';
import { Ids } from '../platform/ids.js';
import { LiveTopics } from '../live/live_topics.service.js';
import { AccountsModule } from '../accounts/accounts.module.js';
import { LibraryModule } from '../library/library.module.js';
import { AboutController } from './outline/about.controller.js';
import { AboutPage } from './outline/about_page.js';
import { ApiSurveys } from './api/api_surveys.js';
import { FetchPicturesJob } from './pictures/fetch_pictures.job.js';
import { PictureFetching } from './pictures/picture_fetching.js';
import { PictureStore } from './pictures/picture_store.js';
import { SurveyPictures } from './pictures/survey_pictures.js';
import { SurveyPicturesController } from './pictures/survey_pictures.controller.js';
import { MethodsService } from './methods.service.js';
import { ReportPages } from './uploads/report_pages.js';
import { LibraryWordsOfSurveys } from './library_words.js';
import { OutlinePage } from './outline/outline_page.js';
import { PublishedSurveys } from './stages/published_surveys.js';
import { SharesController } from './shares/shares.controller.js';
import { SharesPage } from './shares/shares_page.js';
import { SharesService } from './shares/shares.service.js';
import { StagePages } from './stages/stage_pages.js';
import { Survey } from './survey.entity.js';
import { SurveyDefinitionsApi } from './api/survey_definitions.api.js';
import { surveyTopic } from './survey.topic.js';
import { SurveyHeaders } from './survey_headers.js';
import { SurveyImportsController } from './uploads/survey_imports.controller.js';
import { SurveyListPage } from './survey_list_page.js';
import { SurveyReportsController } from './uploads/survey_reports.controller.js';
import { SurveyStages } from './stages/survey_stages.js';
import { SurveyStagesController } from './stages/survey_stages.controller.js';
import { SurveyOptionsController } from './survey_options.controller.js';
import { SurveyUploadsService } from './uploads/survey_uploads.service.js';
import { SurveyVersion } from './survey_version.entity.js';
import { SurveyWarningsService } from './stages/survey_warnings.service.js';
import { SurveyWords } from './survey_words.js';
import { SurveysApi } from './api/surveys.api.js';
import { SurveysController } from './surveys.controller.js';
import { SurveysService } from './surveys.service.js';
import { UploadPage } from './uploads/upload_page.js';
import { WordingService } from './wording/wording.service.js';
import { WordingsController } from './wording/wordings.controller.js';

/** What is asked and when: surveys, their versions, stages and shares. */
@Module({
  imports: [AccountsModule, LibraryModule, MikroOrmModule.forFeature([Survey, SurveyVersion])],
  // Imports come first: `/surveys/new` is no survey.
  controllers: [
    SurveyImportsController,
    SurveysController,
    AboutController,
    SurveyStagesController,
    SurveyOptionsController,
    WordingsController,
    SharesController,
    SurveysApi,
    SurveyDefinitionsApi,
    SurveyPicturesController,
    SurveyReportsController,
  ],
  providers: [
    AboutPage,
    LibraryWordsOfSurveys,
    ApiSurveys,
    FetchPicturesJob,
    MethodsService,
    OutlinePage,
    PictureFetching,
    PictureStore,
    PublishedSurveys,
    ReportPages,
    SharesPage,
    SharesService,
    StagePages,
    SurveyHeaders,
    SurveyListPage,
    SurveyPictures,
    SurveyStages,
    SurveyUploadsService,
    SurveyWarningsService,
    SurveyWords,
    SurveysService,
    UploadPage,
    WordingService,
  ],
  exports: [MethodsService, SurveyWarningsService, SurveysService],
})
export class SurveysModule {
  constructor(topics: LiveTopics, surveys: SurveysService, ids: Ids) {
    topics.add(surveyTopic(surveys, ids));
  }
}
