import { MikroOrmModule } from '@mikro-orm/nestjs';
import { Module } from '@nestjs/common';
import { DomainKey } from './domains/domain_key.entity.js';
import { DomainKeys } from './domains/domain_keys.js';
import { DomainsService } from './domains/domains.service.js';
import { FromDomain } from './domains/from_domain.entity.js';
import { MailboxController } from './mailbox.controller.js';
import { MailboxServer } from './mailbox_server.js';
import { MailboxService } from './mailbox.service.js';
import { MailerParts, MailerService } from './mailer.service.js';
import { AccessTokens } from './relays/access_tokens.js';
import { BrandRelay } from './relays/brand_relay.entity.js';
import { BrandRelays, RelaySurroundings } from './relays/brand_relays.js';
import { InstallationWay, Ways } from './relays/ways.js';
import { ProviderPauses } from './throttle/provider_pauses.js';

@Module({
  imports: [MikroOrmModule.forFeature([BrandRelay, DomainKey, FromDomain])],
  controllers: [MailboxController],
  providers: [
    AccessTokens,
    BrandRelays,
    DomainKeys,
    DomainsService,
    InstallationWay,
    MailboxServer,
    MailboxService,
    MailerParts,
    MailerService,
    ProviderPauses,
    RelaySurroundings,
    Ways,
  ],
  exports: [DomainsService, MailerService],
})
export class MailerModule {}
