import { Module } from '@nestjs/common';
import { MailboxController } from './mailbox.controller.js';
import { MailboxServer } from './mailbox_server.js';
import { MailboxService } from './mailbox.service.js';
import { MailerService } from './mailer.service.js';

@Module({
  controllers: [MailboxController],
  providers: [MailboxServer, MailboxService, MailerService],
  exports: [MailerService],
})
export class MailerModule {}
