import { MikroOrmModule } from '@mikro-orm/nestjs';
import { Module } from '@nestjs/common';
import { LiveTopics } from '../live/live_topics.service.js';
import { CheckDomainJob } from './domains/check_domain.job.js';
import { domainTopic } from './domains/domain.topic.js';
import { DomainInspector } from './domains/checks/domain_inspector.js';
import { DomainChecks } from './domains/domain_checks.js';
import { DomainPage } from './domains/domain_page.js';
import { DomainsController } from './domains/domains.controller.js';
import { DomainsPage } from './domains/domains_page.js';
import { DomainSetUpService } from './domains/domain_set_up.service.js';
import { DomainKey } from './domains/domain_key.entity.js';
import { DomainKeys } from './domains/domain_keys.js';
import { DomainsService } from './domains/domains.service.js';
import { FromDomain } from './domains/from_domain.entity.js';
import { MailboxController } from './mailbox/mailbox.controller.js';
import { MailboxServer } from './mailbox/mailbox_server.js';
import { MailboxRetentionService } from './mailbox/mailbox_retention.service.js';
import { MailboxService } from './mailbox/mailbox.service.js';
import { MailerService } from './mailer.service.js';
import { AccessTokens } from './relays/access_tokens.js';
import { BrandRelay } from './relays/brand_relay.entity.js';
import { BrandRelays } from './relays/brand_relays.js';
import { KnockRelayJob } from './relays/knock_relay.job.js';
import { RelayOutages } from './relays/relay_outages.js';
import { RelayRehearsal } from './relays/relay_rehearsal.js';
import { RelayStatesController } from './relays/relay_states.controller.js';
import { RelaysController } from './relays/relays.controller.js';
import { ThisMachine, RelayWiring } from './relays/relay_wiring.js';
import { RelaysPage } from './relays/relays_page.js';
import { RelaysService } from './relays/relays.service.js';
import { TestMails } from './relays/test_mails.js';
import { InstallationWay, Ways } from './relays/ways.js';
import { ProviderPauses } from './throttle/provider_pauses.js';

@Module({
  imports: [MikroOrmModule.forFeature([BrandRelay, DomainKey, FromDomain])],
  controllers: [DomainsController, MailboxController, RelaysController, RelayStatesController],
  providers: [
    AccessTokens,
    BrandRelays,
    CheckDomainJob,
    DomainChecks,
    DomainInspector,
    DomainKeys,
    DomainPage,
    DomainsPage,
    DomainSetUpService,
    DomainsService,
    InstallationWay,
    KnockRelayJob,
    MailboxServer,
    MailboxService,
    MailerService,
    ProviderPauses,
    RelayOutages,
    RelayRehearsal,
    RelaysPage,
    RelaysService,
    ThisMachine,
    RelayWiring,
    MailboxRetentionService,
    TestMails,
    Ways,
  ],
  exports: [DomainsService, MailboxRetentionService, MailerService],
})
export class MailerModule {
  constructor(topics: LiveTopics, domains: DomainSetUpService) {
    topics.add(domainTopic(domains));
  }
}
