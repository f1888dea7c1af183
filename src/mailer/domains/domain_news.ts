import { Injectable } from '@nestjs/common';
import { PermissionsService } from '../../brands/permissions.service.js';
import { Config } from '../../platform/config.js';
import { Database } from '../../platform/db/database.js';
import { Views } from '../../platform/web/views.js';
import { MailerService } from '../mailer.service.js';
import type { FromDomain } from './from_domain.entity.js';

/** Tells the administrators of a brand by mail when a domain may send no longer, and when it may again. */
@Injectable()
export class DomainNews {
  constructor(
    private readonly mailer: MailerService,
    private readonly permissions: PermissionsService,
    private readonly views: Views,
    private readonly config: Config,
    private readonly database: Database,
  ) {}

  /** Once a change: when no mail went out, the next check tries again. */
  async tell({ brandId, id, domain, shownName, status, findings }: FromDomain): Promise<void> {
    const say = this.views.wordsOf('mailer');
    const people = await this.permissions.holders(brandId, 'brand:admin');
    const causes = findings
      .filter(({ blocks }) => blocks === true)
      .map(({ area, code, values }) => say(`domains.findings.${area}.${code}.what`, values));
    const model = {
      isFailed: status === 'failed',
      domain: shownName,
      causes,
      link: `${this.config.baseUrl}/brand/email/domains/${domain}`,
    };
    const subject = say(status === 'failed' ? 'domains.mail.failed' : 'domains.mail.works', { domain: shownName });
    const outcomes: string[] = [];
    for (const { name, email } of people) {
      const html = this.views.part('mailer/domain_mail', { ...model, name }, { nonce: '', csrf: '', path: '' });
      const outcome = await this.mailer.sendSystemMail(brandId, { name, address: email }, { subject, html });
      outcomes.push(outcome.status);
    }
    if (outcomes.length === 0 || outcomes.some((one) => ['accepted', 'uncertain'].includes(one))) {
      await this.database.inBrand(brandId, (unit) =>
        unit.run('UPDATE from_domains SET told_status = $2 WHERE id = $1', [id, status]),
      );
    }
  }
}
