import { Injectable } from '@nestjs/common';
import type { Actor } from '../../platform/auth/actor.js';
import { Clock } from '../../platform/clock.js';
import { addresses } from '../../platform/web/addresses.js';
import type { Faults } from '../../platform/web/answers.js';
import { moment } from '../../platform/web/moments.js';
import { Views } from '../../platform/web/views.js';
import type { Say } from '../../platform/web/words.js';
import { emailTabs } from '../email_tabs.js';
import { MailerService } from '../mailer.service.js';
import { DomainSetUpService } from './domain_set_up.service.js';
import { DomainsService } from './domains.service.js';
import { domainPill } from './domains.views.js';
import type { FromDomain } from './from_domain.entity.js';

const FIRST = { domain: '', selector: 'canvass1', bits: '2048', ed25519: 'on', bounce: 'bounce' };

/** The From domains of a brand, and the form that adds one. */
@Injectable()
export class DomainsPage {
  private readonly say: Say;

  constructor(
    private readonly setUp: DomainSetUpService,
    private readonly domains: DomainsService,
    private readonly mailer: MailerService,
    private readonly clock: Clock,
    views: Views,
  ) {
    this.say = views.wordsOf('mailer');
  }

  async index(actor: Actor): Promise<object> {
    const { say } = this;
    const own = await this.setUp.list(actor);
    const add = { href: addresses.mailer.newDomain(), text: say('domains.add'), icon: 'plus' };
    return {
      title: say('email.title'),
      crumbs: [{ href: addresses.brand.settings(), text: say('email.brand') }, { text: say('email.title') }],
      head: {
        title: say('email.title'),
        lead: say('email.lead'),
        actions: own.length === 0 ? [] : [{ ...add, isPrimary: true }],
      },
      tabs: emailTabs(say, 'domains'),
      domains: own.map((domain) => this.row(domain, actor)),
      installation: this.domains.installationDomain,
      installationPill: { tone: 'done', text: say('domains.pill.installation') },
      keepsMails: await this.mailer.keepsMailsOf(actor.brandId),
      empty: { icon: 'mail', title: say('domains.emptyTitle'), text: say('domains.emptyText'), action: add },
    };
  }

  /** @param tried what was typed and why it was refused */
  blank(tried?: { typed: Record<string, string>; faults: Faults }): object {
    const { say } = this;
    const typed: Record<string, string> = tried?.typed ?? FIRST;
    const field = (name: string, more: object = {}): object => ({
      name,
      label: say(`domains.new.${name}`),
      help: say(`domains.new.${name}Help`, { defaultValue: '' }),
      value: typed[name] ?? '',
      error: tried?.faults.fields[name],
      ...more,
    });
    return {
      title: say('domains.new.title'),
      crumbs: [
        { href: addresses.brand.settings(), text: say('email.brand') },
        { href: addresses.mailer.domains(), text: say('domains.title') },
        { text: say('domains.new.title') },
      ],
      head: { title: say('domains.new.title'), lead: say('domains.new.lead') },
      errors: tried?.faults.errors ?? [],
      domain: field('domain', { required: true, maxlength: '260', autocomplete: 'off' }),
      selector: field('selector', { required: true, maxlength: '32', short: true, mono: true }),
      bits: field('bits', { required: true, options: bitOptions(typed['bits'], say) }),
      ed25519: field('ed25519', { value: 'on', checked: 'ed25519' in typed }),
      bounce: field('bounce', { maxlength: '32', short: true, mono: true }),
      isOpen: ['selector', 'bits', 'bounce'].some((name) => tried?.faults.fields[name] !== undefined),
    };
  }

  private row(domain: FromDomain, actor: Actor): object {
    const now = this.clock.now();
    return {
      name: domain.shownName,
      url: addresses.mailer.domain(domain.domain),
      ascii: domain.shownName === domain.domain ? undefined : domain.domain,
      pill: domainPill(domain.status, this.say),
      lead: this.say(`domains.list.${domain.status}`),
      checked: domain.checkedAt === null ? undefined : moment(domain.checkedAt, actor.timeZone, now),
    };
  }
}

function bitOptions(chosen: string | undefined, say: Say): object[] {
  return ['2048', '1024'].map((value) => ({
    value,
    label: say(`domains.new.bits${value}`),
    selected: value === chosen,
  }));
}
