import { Injectable } from '@nestjs/common';
import { getDomain } from 'tldts';
import { DomainsService } from '../../mailer/domains/domains.service.js';
import { Config } from '../../platform/config.js';
import type { Unit } from '../../platform/db/database.js';
import { wireAddress } from '../../platform/email_address.js';
import type { Distribution } from '../../ledger/distribution.entity.js';
import { errorIf, type Finding, warningIf } from '../../planning/finding.js';
import { mailOf } from '../content/mail_content.entity.js';

/** Whether the brand may write from a mail's From address, where answers go, and whether its links look like the sender's. */
@Injectable()
export class SenderChecks {
  constructor(
    private readonly domains: DomainsService,
    private readonly config: Config,
  ) {}

  async addresses(unit: Unit, distribution: Distribution): Promise<Finding[]> {
    return [...(await this.from(unit, distribution)), ...(await this.replies(unit, distribution))];
  }

  /** Filters look whether links lead to the sender's own domain. */
  links(distribution: Distribution): Finding[] {
    const { fromEmail } = mailOf(distribution);
    const { hostname } = new URL(this.config.baseUrl);
    const [own, links] = [getDomain(fromEmail.slice(fromEmail.lastIndexOf('@') + 1)), getDomain(hostname)];
    return warningIf('link_domain', own !== null && links !== null && own !== links, {
      from: own ?? '',
      links: links ?? '',
    });
  }

  private async from(unit: Unit, distribution: Distribution): Promise<Finding[]> {
    const { brandId, fromEmail } = mailOf(distribution);
    const { allowed, code = 'EQD17', domains, why } = await this.domains.verdictOfIn(unit, brandId, fromEmail);
    return errorIf(code, !allowed, { domains: domains.join(', @'), from: fromEmail, why });
  }

  /** Answers go to the author's own address or to a domain that the brand may write from, never to strangers. */
  private async replies(unit: Unit, distribution: Distribution): Promise<Finding[]> {
    const { brandId, ownerId } = distribution;
    const { replyTo } = mailOf(distribution);
    const { allowed, domains } = await this.domains.verdictOfIn(unit, brandId, replyTo);
    if (replyTo === '' || allowed) {
      return [];
    }
    const own = await unit.sql('SELECT FROM users WHERE id = $1 AND lower(email) = lower($2)', [ownerId, replyTo]);
    const why =
      wireAddress(replyTo) === undefined
        ? 'The reply-to address is not an e-mail address.'
        : `Answers may go to the author's own address or to one that ends in @${domains.join(' or @')}, not to ${replyTo}.`;
    return errorIf('CVS03', own.length === 0, { why });
  }
}
