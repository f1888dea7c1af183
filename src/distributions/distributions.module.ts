import { MikroOrmModule } from '@mikro-orm/nestjs';
import { Module } from '@nestjs/common';
import { ContactsModule } from '../contacts/contacts.module.js';
import { LibraryModule } from '../library/library.module.js';
import { LinksModule } from '../links/links.module.js';
import { MailerModule } from '../mailer/mailer.module.js';
import { ResponsesModule } from '../responses/responses.module.js';
import { MethodsService } from '../surveys/methods.service.js';
import { SurveysModule } from '../surveys/surveys.module.js';
import { ApiCompositions } from './api_compositions.js';
import { ApiMessages } from './api_messages.js';
import { AutosavePart } from './mails/autosave_part.js';
import { AutosavesController } from './mails/autosaves.controller.js';
import { Autosaves } from './mails/autosaves.service.js';
import { ComposeButtons } from './mails/compose_buttons.js';
import { ComposeLibrary } from './mails/compose_library.js';
import { FromMenu } from './mails/from_menu.js';
import { ComposeMenus, ComposePages, ComposeSurroundings } from './mails/compose_pages.js';
import { Audiences } from './mails/audiences.service.js';
import { Compositions } from './mails/compositions.js';
import { CompositionsController } from './mails/compositions.controller.js';
import { DetoursController } from './detours/detours.controller.js';
import { Detours } from './detours/detours.service.js';
import { Doors } from './detours/doors.js';
import { NewListPage } from './detours/new_list_page.js';
import { NewLists } from './detours/new_lists.js';
import { CopiesController } from './copies.controller.js';
import { LimitMeters } from './planning/limit_meters.js';
import { DispatchDistributionJob } from './sending/dispatch_distribution.job.js';
import { DispatchingService, DispatchSurroundings } from './sending/dispatching.service.js';
import { Distribution } from './distribution.entity.js';
import { DistributionWords } from './distribution_words.js';
import { DistributionsApi } from './distributions.api.js';
import { DistributionsService, DistributionsSurroundings } from './distributions.service.js';
import { EmailPage } from './email_page.js';
import { EmailStartsController } from './email_starts.controller.js';
import { EmailStatesController } from './email_states.controller.js';
import { emails } from './emails.method.js';
import { EmailsController } from './emails.controller.js';
import { EmailsPage } from './emails_page.js';
import { FoundDistributions } from './found_distributions.service.js';
import { FollowUpsApi } from './follow_ups/follow_ups.api.js';
import { FollowUpsController } from './follow_ups/follow_ups.controller.js';
import { FollowUpsService } from './follow_ups/follow_ups.service.js';
import { Additions } from './follow_ups/additions.js';
import { FollowUpRoundJob } from './follow_ups/follow_up_round.job.js';
import { RoundChecks } from './follow_ups/round_checks.js';
import { Latecomers } from './follow_ups/latecomers.js';
import { Rounds } from './follow_ups/rounds.js';
import { Thanking } from './follow_ups/thanking.js';
import { FrequencyPages } from './frequency/frequency_pages.js';
import { FrequencyRulesController } from './frequency/frequency_rules.controller.js';
import { FrequencyRulesService } from './frequency/frequency_rules.service.js';
import { Generating } from './personal_links/generating.js';
import { LinkChanges } from './personal_links/link_changes.service.js';
import { LinkChangesController } from './personal_links/link_changes.controller.js';
import { LinksFile } from './personal_links/links_file.js';
import { personalLinks } from './personal_links/personal_links.method.js';
import { PersonalLinksController } from './personal_links/personal_links.controller.js';
import { PersonalLinksPage, PersonalLinksSurroundings } from './personal_links/personal_links_page.js';
import { FoldResponsesJob } from './sending/fold_responses.job.js';
import { History } from './recipients/history.js';
import { DraftSurroundings, MailDrafts } from './mails/mail_drafts.js';
import { Invitations } from './mails/invitations.js';
import { ListView } from './list_view.js';
import { LibraryChoicesController } from './mails/library_choices.controller.js';
import { MailMakings } from './mails/mail_makings.service.js';
import { FirstReaders } from './mails/first_readers.service.js';
import { MailPreviews } from './mails/mail_previews.service.js';
import { Openings } from './mails/openings.js';
import { OpeningsController } from './mails/openings.controller.js';
import { PicturesController } from './mails/pictures.controller.js';
import { PicturesService } from './mails/pictures.service.js';
import { MessagePage, MessageSurroundings } from './recipients/message_page.js';
import { OptOutsController } from './opt_outs/opt_outs.controller.js';
import { OptOutsService } from './opt_outs/opt_outs.service.js';
import { CountOutlookJob } from './planning/count_outlook.job.js';
import { Outlooks } from './planning/outlooks.service.js';
import { PlanDistributionJob } from './planning/plan_distribution.job.js';
import { PlanningService, PlanningSurroundings } from './planning/planning.service.js';
import { ContactMailsController } from './recipients/contact_mails.controller.js';
import { ContactMails } from './recipients/contact_mails.service.js';
import { ContactMailsPage } from './recipients/contact_mails_page.js';
import { RecipientsApi } from './recipients/recipients.api.js';
import { RecipientsPart } from './recipients/recipients_part.js';
import { RecipientsService } from './recipients/recipients.service.js';
import { SendingAgain } from './recipients/sending_again.js';
import { Releases, ReleaseSurroundings } from './planning/releases.service.js';
import { Rescheduling } from './planning/rescheduling.js';
import { ReviewNumbers } from './mails/review_numbers.js';
import { ReviewPage, ReviewSurroundings } from './mails/review_page.js';
import { VersionChecks } from './mails/version_checks.service.js';
import { ChannelContents } from './planning/channel_content.js';
import { MailChecks } from './mails/mail_checks.js';
import { SenderChecks } from './mails/sender_checks.js';
import { SendingChecks } from './planning/sending_checks.js';
import { SendingConsent } from './planning/sending_consent.js';
import { SendingsController } from './sendings.controller.js';
import { SendToController } from './mails/send_to.controller.js';
import { SendToPage } from './mails/send_to_page.js';
import { StartPage } from './start_page.js';
import { SteeringService, SteeringSurroundings } from './steering.service.js';
import { SurveyStagesListener } from './survey_stages.listener.js';
import { SweepLedgerJob } from './sending/sweep_ledger.job.js';
import { Ports } from './sending/port.js';
import { Turns } from './sending/turns.js';
import { WeeklyLimitsListener } from './planning/weekly_limits.listener.js';
import { WeeklyLimits } from './planning/weekly_limits.service.js';

/** Out to people: planning, the ledger, sending, limits, opt-out pages. */
@Module({
  imports: [
    MikroOrmModule.forFeature([Distribution]),
    ContactsModule,
    LibraryModule,
    LinksModule,
    MailerModule,
    ResponsesModule,
    SurveysModule,
  ],
  controllers: [
    RecipientsApi,
    FollowUpsApi,
    DistributionsApi,
    OptOutsController,
    OpeningsController,
    PicturesController,
    // Before the others: `new` and `lists` are no distribution's id.
    DetoursController,
    LibraryChoicesController,
    AutosavesController,
    CompositionsController,
    FollowUpsController,
    FrequencyRulesController,
    LinkChangesController,
    PersonalLinksController,
    SendingsController,
    SendToController,
    CopiesController,
    ContactMailsController,
    EmailsController,
    EmailStartsController,
    EmailStatesController,
  ],
  providers: [
    ApiCompositions,
    ApiMessages,
    ChannelContents,
    MailChecks,
    SenderChecks,
    AutosavePart,
    Autosaves,
    ComposeButtons,
    ComposeLibrary,
    ComposeMenus,
    ComposePages,
    ComposeSurroundings,
    FromMenu,
    Audiences,
    Compositions,
    ContactMails,
    ContactMailsPage,
    Detours,
    DispatchDistributionJob,
    DispatchingService,
    DispatchSurroundings,
    DistributionWords,
    DistributionsService,
    FoundDistributions,
    DistributionsSurroundings,
    Doors,
    DraftSurroundings,
    EmailPage,
    EmailsPage,
    FoldResponsesJob,
    FrequencyPages,
    FrequencyRulesService,
    Generating,
    LinkChanges,
    LinksFile,
    PersonalLinksPage,
    PersonalLinksSurroundings,
    FollowUpsService,
    History,
    Invitations,
    LimitMeters,
    ListView,
    MailDrafts,
    MailMakings,
    MailPreviews,
    FirstReaders,
    MessagePage,
    MessageSurroundings,
    NewListPage,
    NewLists,
    Openings,
    OptOutsService,
    PicturesService,
    CountOutlookJob,
    Outlooks,
    PlanDistributionJob,
    Ports,
    PlanningService,
    PlanningSurroundings,
    RecipientsPart,
    RecipientsService,
    Releases,
    ReleaseSurroundings,
    Rescheduling,
    ReviewNumbers,
    ReviewPage,
    ReviewSurroundings,
    SendingAgain,
    SendingChecks,
    VersionChecks,
    SendingConsent,
    SendToPage,
    StartPage,
    SteeringService,
    SteeringSurroundings,
    SurveyStagesListener,
    SweepLedgerJob,
    Additions,
    FollowUpRoundJob,
    RoundChecks,
    Latecomers,
    Rounds,
    Thanking,
    Turns,
    WeeklyLimits,
    WeeklyLimitsListener,
  ],
  exports: [DistributionsService, FoundDistributions, Invitations, Ports, WeeklyLimits],
})
export class DistributionsModule {
  constructor(methods: MethodsService) {
    [emails, personalLinks].forEach((method) => methods.add(method));
  }
}
