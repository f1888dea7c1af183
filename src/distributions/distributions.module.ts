import { Module } from '@nestjs/common';
import { AudiencesModule } from '../audiences/audiences.module.js';
import { ContactsModule } from '../contacts/contacts.module.js';
import { LedgerModule } from '../ledger/ledger.module.js';
import { LibraryModule } from '../library/library.module.js';
import { LimitsModule } from '../limits/limits.module.js';
import { LinksModule } from '../links/links.module.js';
import { PlanningModule } from '../planning/planning.module.js';
import { ResponsesModule } from '../responses/responses.module.js';
import { SendingModule } from '../sending/sending.module.js';
import { SurveysModule } from '../surveys/surveys.module.js';
import { MethodsService } from '../surveys/methods.service.js';
import { ApiCompositions } from './api_compositions.js';
import { DistributionsApi } from './distributions.api.js';
import { DistributionsService } from './distributions.service.js';
import { EmailsPage } from './emails_page.js';
import { FoldResponsesJob } from './fold_responses.job.js';
import { Additions } from './follow_ups/additions.js';
import { FollowUpRoundJob } from './follow_ups/follow_up_round.job.js';
import { FollowUpsApi } from './follow_ups/follow_ups.api.js';
import { FollowUpsService } from './follow_ups/follow_ups.service.js';
import { Latecomers } from './follow_ups/latecomers.js';
import { RoundChecks } from './follow_ups/round_checks.js';
import { Rounds } from './follow_ups/rounds.js';
import { Thanking } from './follow_ups/thanking.js';
import { HoldsService } from './holds.service.js';
import { ListView } from './list_view.js';
import { Generating } from './personal_links/generating.js';
import { LinkChangesController } from './personal_links/link_changes.controller.js';
import { LinkChanges } from './personal_links/link_changes.service.js';
import { LinksFile } from './personal_links/links_file.js';
import { PersonalLinksController } from './personal_links/personal_links.controller.js';
import { personalLinks } from './personal_links/personal_links.method.js';
import { PersonalLinksPage } from './personal_links/personal_links_page.js';
import { PlanDistributionJob } from './plan_distribution.job.js';
import { RecipientsApi } from './recipients.api.js';
import { ReviewsService } from './reviews.service.js';
import { SendingAgain } from './sending_again.js';
import { SendingConsent } from './sending_consent.js';
import { StartPage } from './start_page.js';
import { SteeringService } from './steering.service.js';
import { SurveyStagesListener } from './survey_stages.listener.js';

/** The life of a distribution: made, copied, steered, followed up, shown to people and programs. */
@Module({
  imports: [
    AudiencesModule,
    ContactsModule,
    LedgerModule,
    LibraryModule,
    LimitsModule,
    LinksModule,
    PlanningModule,
    ResponsesModule,
    SendingModule,
    SurveysModule,
  ],
  controllers: [RecipientsApi, FollowUpsApi, DistributionsApi, LinkChangesController, PersonalLinksController],
  providers: [
    Additions,
    ApiCompositions,
    DistributionsService,
    EmailsPage,
    FoldResponsesJob,
    FollowUpRoundJob,
    FollowUpsService,
    Generating,
    Latecomers,
    HoldsService,
    LinkChanges,
    LinksFile,
    ListView,
    PersonalLinksPage,
    PlanDistributionJob,
    ReviewsService,
    RoundChecks,
    Rounds,
    SendingAgain,
    SendingConsent,
    StartPage,
    SteeringService,
    SurveyStagesListener,
    Thanking,
  ],
  exports: [
    DistributionsService,
    EmailsPage,
    FollowUpsService,
    ReviewsService,
    SendingAgain,
    SendingConsent,
    StartPage,
    SteeringService,
  ],
})
export class DistributionsModule {
  constructor(methods: MethodsService) {
    methods.add(personalLinks);
  }
}
