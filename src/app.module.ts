import { type DynamicModule, Module } from '@nestjs/common';
import { ScheduleModule } from '@nestjs/schedule';
import { AccountsModule } from './accounts/accounts.module.js';
import { BrandsModule } from './brands/brands.module.js';
import { Demo } from './demo/demo.js';
import { DemoSending } from './demo/demo_sending.js';
import { ContactsModule } from './contacts/contacts.module.js';
import { DistributionsModule } from './distributions/distributions.module.js';
import { LimitsModule } from './limits/limits.module.js';
import { LedgerModule } from './ledger/ledger.module.js';
import { AudiencesModule } from './audiences/audiences.module.js';
import { PlanningModule } from './planning/planning.module.js';
import { SendingModule } from './sending/sending.module.js';
import { EmailsModule } from './emails/emails.module.js';
import { DeliverabilityModule } from './deliverability/deliverability.module.js';
import { InboundModule } from './inbound/inbound.module.js';
import { Forgetting } from './forgetting.js';
import { LibraryModule } from './library/library.module.js';
import { LinksModule } from './links/links.module.js';
import { LiveModule } from './live/live.module.js';
import { MailerModule } from './mailer/mailer.module.js';
import type { Clock } from './platform/clock.js';
import type { Config } from './platform/config.js';
import { NoticesModule } from './notices/notices.module.js';
import { PeopleModule } from './people/people.module.js';
import { PlatformModule } from './platform/platform.module.js';
import { ReadinessModule } from './readiness/readiness.module.js';
import { SummariesModule } from './summaries/summaries.module.js';
import { ResponsesModule } from './responses/responses.module.js';
import { SurveysModule } from './surveys/surveys.module.js';
import { Timetable } from './timetable.js';

/** The list of modules and nothing else. */
@Module({})
export class AppModule {
  static with(surroundings: { config: Config; databaseUrl: string; clock?: Clock }): DynamicModule {
    return {
      module: AppModule,
      imports: [
        PlatformModule.with(surroundings),
        ScheduleModule.forRoot(),
        LiveModule,
        AccountsModule,
        BrandsModule,
        ContactsModule,
        DistributionsModule,
        LimitsModule,
        LedgerModule,
        AudiencesModule,
        PlanningModule,
        SendingModule,
        EmailsModule,
        DeliverabilityModule,
        LibraryModule,
        LinksModule,
        InboundModule,
        MailerModule,
        NoticesModule,
        PeopleModule,
        ReadinessModule,
        SummariesModule,
        ResponsesModule,
        SurveysModule,
      ],
      providers: [Forgetting, Timetable, Demo, DemoSending],
    };
  }
}
