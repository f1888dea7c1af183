import { Module } from '@nestjs/common';
import { LedgerModule } from '../ledger/ledger.module.js';
import { MailerModule } from '../mailer/mailer.module.js';
import { Addressees } from './addressees.js';
import { MailNoticesJob } from './mail_notices.job.js';
import { Happenings } from './happenings.js';
import { NoticeMail } from './notice_mail.js';
import { NoticeMails } from './notice_mails.js';
import { NoticeNewsJob } from './notice_news.job.js';
import { NoticeWords } from './notice_words.js';
import { NoticesController } from './notices.controller.js';
import { NoticesPage } from './notices_page.js';
import { NoticesService } from './notices.service.js';
import { Noticing } from './noticing.js';

/** What people are told although nobody looks: by mail and by the bell. */
@Module({
  imports: [LedgerModule, MailerModule],
  controllers: [NoticesController],
  providers: [
    Addressees,
    Happenings,
    MailNoticesJob,
    NoticeMail,
    NoticeMails,
    NoticeNewsJob,
    NoticeWords,
    NoticesPage,
    NoticesService,
    Noticing,
  ],
  exports: [NoticesService],
})
export class NoticesModule {}
