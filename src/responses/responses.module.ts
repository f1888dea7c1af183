import { Module } from '@nestjs/common';
import { Ids } from '../platform/ids.js';
import { LiveTopics } from '../live/live_topics.service.js';
import { LinksModule } from '../links/links.module.js';
import { MailerModule } from '../mailer/mailer.module.js';
import { ComeBackPage } from '../platform/web/session/come_back.js';
import { SurveysModule } from '../surveys/surveys.module.js';
import { AnonymousAnswers } from './anonymous/anonymous_answers.js';
import { AnonymousRecording } from './anonymous/anonymous_recording.js';
import { BusyPages } from './pages/busy_pages.js';
import { CloseSessionsJob } from './sessions/close_sessions.job.js';
import { DisclosuresService } from './disclosures.service.js';
import { Drafts } from './drafts.js';
import { exportTopic } from './exports/export.topic.js';
import { ExportFiles } from './exports/export_files.js';
import { ExportsApi } from './exports/exports.api.js';
import { ExportsController } from './exports/exports.controller.js';
import { ExportsService } from './exports/exports.service.js';
import { ExportTables } from './exports/export_tables.js';
import { ExportWriting } from './exports/export_writing.js';
import { WriteExportJob } from './exports/write_export.job.js';
import { FamiliarAddressesController } from './familiar_addresses.controller.js';
import { Keeping } from './sessions/keeping.js';
import { CodeMails } from './proofs/code_mails.js';
import { Codes } from './proofs/codes.js';
import { ProofsController } from './proofs/proofs.controller.js';
import { Proving } from './proofs/proving.js';
import { RecordAnonymousJob } from './anonymous/record_anonymous.job.js';
import { RespondentsController } from './respondents.controller.js';
import { ResponsePages } from './pages/response_pages.js';
import { ResponsesApi } from './responses.api.js';
import { ResponsesController } from './responses.controller.js';
import { ResponsesService } from './responses.service.js';
import { SessionsService } from './sessions/sessions.service.js';
import { Tickets } from './sessions/tickets.js';
import { Visits } from './visits.js';
import { WalkCookies } from './sessions/walk_cookies.js';
import { Walking } from './walking.js';

/** How surveys are answered, and what answers leave. */
@Module({
  imports: [LinksModule, MailerModule, SurveysModule],
  // Exports before responses: `exports` is no response's id.
  controllers: [
    RespondentsController,
    ProofsController,
    FamiliarAddressesController,
    ExportsController,
    ResponsesController,
    ExportsApi,
    ResponsesApi,
  ],
  providers: [
    AnonymousAnswers,
    AnonymousRecording,
    BusyPages,
    { provide: ComeBackPage, useExisting: BusyPages },
    CloseSessionsJob,
    CodeMails,
    Codes,
    DisclosuresService,
    Drafts,
    ExportFiles,
    ExportsService,
    ExportTables,
    ExportWriting,
    Proving,
    Keeping,
    RecordAnonymousJob,
    ResponsePages,
    ResponsesService,
    SessionsService,
    Tickets,
    Visits,
    WalkCookies,
    Walking,
    WriteExportJob,
  ],
  exports: [DisclosuresService, ResponsesService, SessionsService],
})
export class ResponsesModule {
  constructor(topics: LiveTopics, exports: ExportsService, ids: Ids) {
    topics.add(exportTopic(exports, ids));
  }
}
