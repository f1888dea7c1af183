import { MikroOrmModule } from '@mikro-orm/nestjs';
import { Module } from '@nestjs/common';
import { ContactsModule } from '../contacts/contacts.module.js';
import { LinksModule } from '../links/links.module.js';
import { ResponsesModule } from '../responses/responses.module.js';
import { SurveysModule } from '../surveys/surveys.module.js';
import { LiveTopics } from '../live/live_topics.service.js';
import { Ids } from '../platform/ids.js';
import { SurveysService } from '../surveys/surveys.service.js';
import { Distribution } from './distribution.entity.js';
import { distributionsTopic, distributionTopic } from './live/distribution.topics.js';
import { DistributionWords } from './distribution_words.js';
import { FoundDistributions } from './found_distributions.service.js';
import { ContactMailsController } from './recipients/contact_mails.controller.js';
import { ContactMails } from './recipients/contact_mails.service.js';
import { ContactMailsPage } from './recipients/contact_mails_page.js';
import { History } from './recipients/history.js';
import { RecipientsService } from './recipients/recipients.service.js';
import { RecipientsPart } from './recipients/recipients_part.js';
import { SweepLedgerJob } from './sweep_ledger.job.js';

/** One row a recipient below the head of its distribution, and the pages that read them. */
@Module({
  imports: [MikroOrmModule.forFeature([Distribution]), ContactsModule, LinksModule, ResponsesModule, SurveysModule],
  controllers: [ContactMailsController],
  providers: [
    ContactMails,
    ContactMailsPage,
    DistributionWords,
    FoundDistributions,
    History,
    RecipientsPart,
    RecipientsService,
    SweepLedgerJob,
  ],
  exports: [DistributionWords, FoundDistributions, History, RecipientsPart, RecipientsService],
})
export class LedgerModule {
  constructor(topics: LiveTopics, found: FoundDistributions, surveys: SurveysService, ids: Ids) {
    topics.add(distributionTopic(found, ids));
    topics.add(distributionsTopic(surveys, ids));
  }
}
