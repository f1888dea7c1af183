import { MikroOrmModule } from '@mikro-orm/nestjs';
import { Module } from '@nestjs/common';
import { AccountsModule } from '../accounts/accounts.module.js';
import { LibraryModule } from '../library/library.module.js';
import { AboutController } from './about.controller.js';
import { AboutPage } from './about_page.js';
import { ApiSurveys } from './api_surveys.js';
import { FetchPicturesJob } from './pictures/fetch_pictures.job.js';
import { PictureFetching } from './pictures/picture_fetching.js';
import { PictureStore } from './pictures/picture_store.js';
import { SurveyPictures } from './pictures/survey_pictures.js';
import { SurveyPicturesController } from './pictures/survey_pictures.controller.js';
import { MethodsService } from './methods.service.js';
import { ReportPages } from './report_pages.js';
import { LibraryWordsOfSurveys } from './library_words.js';
import { OutlinePage } from './outline_page.js';
import { PublishedSurveys } from './published_surveys.js';
import { SharesController } from './shares.controller.js';
import { SharesPage } from './shares_page.js';
import { SharesService } from './shares.service.js';
import { StagePages } from './stage_pages.js';
import { Survey } from './survey.entity.js';
import { SurveyDefinitionsApi } from './survey_definitions.api.js';
import { SurveyHeaders } from './survey_headers.js';
import { SurveyImportsController } from './survey_imports.controller.js';
import { SurveyListPage } from './survey_list_page.js';
import { SurveyReportsController } from './survey_reports.controller.js';
import { SurveyStages } from './survey_stages.js';
import { SurveyStagesController } from './survey_stages.controller.js';
import { SurveyOptionsController } from './survey_options.controller.js';
import { SurveyUploadsService } from './survey_uploads.service.js';
import { SurveyVersion } from './survey_version.entity.js';
import { SurveyWarningsService } from './survey_warnings.service.js';
import { SurveyWords } from './survey_words.js';
import { SurveysApi } from './surveys.api.js';
import { SurveysController } from './surveys.controller.js';
import { SurveysService } from './surveys.service.js';
import { UploadPage } from './upload_page.js';
import { WordingService } from './wording.service.js';
import { WordingsController } from './wordings.controller.js';

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
export class SurveysModule {}
