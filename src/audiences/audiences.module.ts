import { Module } from '@nestjs/common';
import { ContactsModule } from '../contacts/contacts.module.js';
import { LedgerModule } from '../ledger/ledger.module.js';
import { LinksModule } from '../links/links.module.js';
import { SurveysModule } from '../surveys/surveys.module.js';
import { Audiences } from './audiences.service.js';
import { FrequencyPages } from './frequency/frequency_pages.js';
import { FrequencyRulesController } from './frequency/frequency_rules.controller.js';
import { FrequencyRulesService } from './frequency/frequency_rules.service.js';

/** Who is asked, and who of them may get it. */
@Module({
  imports: [ContactsModule, LedgerModule, LinksModule, SurveysModule],
  controllers: [FrequencyRulesController],
  providers: [Audiences, FrequencyPages, FrequencyRulesService],
  exports: [Audiences],
})
export class AudiencesModule {}
