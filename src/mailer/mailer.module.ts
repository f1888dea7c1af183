import { MikroOrmModule } from '@mikro-orm/nestjs';
import { Module } from '@nestjs/common';
import { DomainKey } from './domains/domain_key.entity.js';
import { DomainKeys } from './domains/domain_keys.js';
import { DomainsService } from './domains/domains.service.js';
import { FromDomain } from './domains/from_domain.entity.js';
import { MailboxController } from './mailbox.controller.js';
import { MailboxServer } from './mailbox_server.js';
import { MailboxService } from './mailbox.service.js';
import { MailerService } from './mailer.service.js';

@Module({
  imports: [MikroOrmModule.forFeature([DomainKey, FromDomain])],
  controllers: [MailboxController],
  providers: [DomainKeys, DomainsService, MailboxServer, MailboxService, MailerService],
  exports: [DomainsService, MailerService],
})
export class MailerModule {}
