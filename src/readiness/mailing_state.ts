import { Injectable } from '@nestjs/common';
import { WeeklyLimits } from '../limits/weekly_limits.service.js';
import { DomainsService } from '../mailer/domains/domains.service.js';
import { MailerService } from '../mailer/mailer.service.js';
import type { Actor } from '../platform/auth/actor.js';
import { ATTENTION, MISSING, OK, type Readiness } from './readiness.js';

const NEARLY = 0.8;

/** What the mailer and the weekly limits say of a brand. */
@Injectable()
export class MailingState {
  constructor(
    private readonly mailer: MailerService,
    private readonly domains: DomainsService,
    private readonly weekly: WeeklyLimits,
  ) {}

  staysHere(brandId: string): Promise<boolean> {
    return this.mailer.keepsMailsOf(brandId);
  }

  async domain(brandId: string, staysHere: boolean): Promise<Readiness> {
    const all = await this.domains.fromDomainsOf(brandId);
    const named = (status: string): string =>
      all
        .filter((one) => one.status === status)
        .map(({ domain }) => domain)
        .join(', ');
    const values = { active: named('active'), failed: named('failed') };
    if (values.failed !== '') {
      return { part: 'domain', state: 'attention', words: 'failed', values };
    }
    if (values.active !== '') {
      return { part: 'domain', ...OK, values };
    }
    return staysHere ? { part: 'domain', state: 'attention', words: 'mailbox' } : { part: 'domain', ...MISSING };
  }

  async limits({ brandId, userId }: Actor): Promise<Readiness> {
    const all = await this.weekly.of(brandId, userId);
    const { used, limit } = all.find(({ scope }) => scope === 'brand')!;
    const values = { used, limit };
    if (used >= limit) {
      return { part: 'limits', ...MISSING, values };
    }
    return { part: 'limits', ...(used >= limit * NEARLY ? ATTENTION : OK), values };
  }
}
