import { Injectable } from '@nestjs/common';
import { DomainsService } from '../../mailer/domains/domains.service.js';
import { MailerService } from '../../mailer/mailer.service.js';
import type { Actor } from '../../platform/auth/actor.js';
import { DistributionWords } from '../../ledger/distribution_words.js';

/** How the From address is asked for: in one field, or before the @ beside a menu of domains. */
export interface FromModel {
  local: string;
  /** Empty where any address may be written. */
  options: { value: string; label: string; selected: boolean }[];
  help: string;
}

/** The addresses that a brand may send from, as the form offers them. */
@Injectable()
export class FromMenu {
  constructor(
    private readonly domains: DomainsService,
    private readonly mailer: MailerService,
    private readonly words: DistributionWords,
  ) {}

  async model({ brandId }: Actor, fromEmail: string): Promise<FromModel> {
    const { say } = this.words;
    const at = fromEmail.lastIndexOf('@');
    const local = at === -1 ? fromEmail : fromEmail.slice(0, at);
    const domains = this.mailer.usesMailbox ? [] : await this.domains.fromDomainsOf(brandId);
    if (domains.length === 0) {
      return { local, options: [], help: say(this.mailer.usesMailbox ? 'form.fromAny' : 'form.fromEmailHelp') };
    }
    const chosen = fromEmail.slice(at + 1).toLowerCase();
    const isKnown = domains.some(({ domain }) => domain === chosen);
    const own = isKnown || chosen === '' ? [] : [{ value: chosen, label: chosen, selected: true }];
    const options = domains.map(({ domain, status }) => ({
      value: domain,
      label: status === 'active' ? domain : say('form.fromDomain', { domain, status: say(`domainStatus.${status}`) }),
      selected: domain === chosen,
    }));
    return { local, options: [...own, ...options], help: say('form.fromLocalHelp') };
  }
}

/** The same name at another domain. */
export function addressAt(domain: string, address: string): string {
  return `${/^[^@]+/.exec(address)?.[0] ?? 'surveys'}@${domain}`;
}
