import { MikroOrmModule } from '@mikro-orm/nestjs';
import { Module } from '@nestjs/common';
import { AudiencesModule } from '../audiences/audiences.module.js';
import { ContactsModule } from '../contacts/contacts.module.js';
import { DistributionsModule } from '../distributions/distributions.module.js';
import { LedgerModule } from '../ledger/ledger.module.js';
import { LibraryModule } from '../library/library.module.js';
import { LimitsModule } from '../limits/limits.module.js';
import { LinksModule } from '../links/links.module.js';
import { MailerModule } from '../mailer/mailer.module.js';
import { PlanningModule } from '../planning/planning.module.js';
import { ResponsesModule } from '../responses/responses.module.js';
import { SendingModule } from '../sending/sending.module.js';
import { SurveysModule } from '../surveys/surveys.module.js';
import { MethodsService } from '../surveys/methods.service.js';
import { MailChecks } from './checks/mail_checks.js';
import { SenderChecks } from './checks/sender_checks.js';
import { VersionChecks } from './checks/version_checks.service.js';
import { ProgramMails } from './content/program_mails.js';
import { MailContent } from './content/mail_content.entity.js';
import { AutosavePart } from './compose/autosave_part.js';
import { AutosavesController } from './compose/autosaves.controller.js';
import { Autosaves } from './compose/autosaves.service.js';
import { ComposeButtons } from './compose/compose_buttons.js';
import { ComposeLibrary } from './compose/compose_library.js';
import { ComposeChecks } from './compose/compose_checks.js';
import { ComposeFields } from './compose/compose_fields.js';
import { ComposeForm } from './compose/compose_form.js';
import { ComposePages } from './compose/compose_pages.js';
import { CompositionsController } from './compose/compositions.controller.js';
import { Compositions } from './compose/compositions.js';
import { FromMenu } from './compose/from_menu.js';
import { LibraryChoicesController } from './compose/library_choices.controller.js';
import { MailDrafts } from './compose/mail_drafts.js';
import { TestMails } from './compose/test_mails.js';
import { Invitations } from './content/invitations.js';
import { MailMakings } from './content/mail_makings.service.js';
import { MailPreviews } from './content/mail_previews.service.js';
import { DetoursController } from './detours/detours.controller.js';
import { Detours } from './detours/detours.service.js';
import { Doors } from './detours/doors.js';
import { NewListPage } from './detours/new_list_page.js';
import { NewLists } from './detours/new_lists.js';
import { emails } from './emails.method.js';
import { OptOutsController } from './opt_outs/opt_outs.controller.js';
import { OptOutsService } from './opt_outs/opt_outs.service.js';
import { CopiesController } from './pages/copies.controller.js';
import { EmailPage } from './pages/email_page.js';
import { EmailStartsController } from './pages/email_starts.controller.js';
import { EmailStatesController } from './pages/email_states.controller.js';
import { EmailsController } from './pages/emails.controller.js';
import { FirstReaders } from './pages/first_readers.service.js';
import { FollowUpsController } from './pages/follow_ups.controller.js';
import { MessagePage } from './pages/message_page.js';
import { OpeningsController } from './pages/openings.controller.js';
import { Openings } from './pages/openings.js';
import { PicturesController } from './pages/pictures.controller.js';
import { PicturesService } from './pages/pictures.service.js';
import { SendingsController } from './pages/sendings.controller.js';
import { ReviewNumbers } from './review/review_numbers.js';
import { ReviewPage } from './review/review_page.js';
import { SendToController } from './review/send_to.controller.js';
import { SendToPage } from './review/send_to_page.js';

/** Mails: written, looked at, made for each reader, opened, opted out of. */
@Module({
  imports: [
    MikroOrmModule.forFeature([MailContent]),
    AudiencesModule,
    ContactsModule,
    DistributionsModule,
    LedgerModule,
    LibraryModule,
    LimitsModule,
    LinksModule,
    MailerModule,
    PlanningModule,
    ResponsesModule,
    SendingModule,
    SurveysModule,
  ],
  controllers: [
    OptOutsController,
    OpeningsController,
    PicturesController,
    // Before the others: `new` and `lists` are no mail's id.
    DetoursController,
    LibraryChoicesController,
    AutosavesController,
    CompositionsController,
    FollowUpsController,
    SendingsController,
    SendToController,
    CopiesController,
    EmailsController,
    EmailStartsController,
    EmailStatesController,
  ],
  providers: [
    AutosavePart,
    Autosaves,
    ComposeButtons,
    ComposeLibrary,
    ComposeChecks,
    ComposeFields,
    ComposeForm,
    ComposePages,
    Compositions,
    Detours,
    Doors,
    EmailPage,
    FirstReaders,
    FromMenu,
    Invitations,
    MailChecks,
    MailDrafts,
    MailMakings,
    MailPreviews,
    MessagePage,
    NewListPage,
    NewLists,
    Openings,
    OptOutsService,
    PicturesService,
    ProgramMails,
    ReviewNumbers,
    ReviewPage,
    SendToPage,
    TestMails,
    SenderChecks,
    VersionChecks,
  ],
  exports: [Invitations, OptOutsService],
})
export class EmailsModule {
  constructor(methods: MethodsService) {
    methods.add(emails);
  }
}
