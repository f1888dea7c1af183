import { Injectable } from '@nestjs/common';
import { MailerService } from '../mailer/mailer.service.js';
import { Config } from '../platform/config.js';
import { addresses } from '../platform/web/addresses.js';
import { Views } from '../platform/web/views.js';
import { type ToldNotice, NoticeWords } from './notice_words.js';

/** A notice as a mail to one person: a mail of the system, past any distribution. */
@Injectable()
export class NoticeMail {
  constructor(
    private readonly config: Config,
    private readonly mailer: MailerService,
    private readonly words: NoticeWords,
    private readonly views: Views,
  ) {}

  /** @returns how it went, with the server's words, or ours where it did not get that far */
  async send(
    brandId: string,
    notice: ToldNotice & { name: string; email: string; timeZone: string },
  ): Promise<{ status: string; text: string }> {
    const { baseUrl } = this.config;
    const { subject, path, ...told } = this.words.of(notice, notice.timeZone);
    const model = {
      ...told,
      link: baseUrl + path,
      name: notice.name,
      settings: baseUrl + addresses.notices.settings(),
    };
    const html = this.views.part('notices/notice_mail', model, { nonce: '', csrf: '', path: '' });
    const to = { name: notice.name, address: notice.email };
    return this.mailer
      .sendSystemMail(brandId, to, { subject: subject.slice(0, 300), html })
      .catch((error: unknown) => ({ status: 'refused', text: (error as Error).message }));
  }
}
