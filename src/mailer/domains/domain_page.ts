import { Injectable } from '@nestjs/common';
import type { Actor } from '../../platform/auth/actor.js';
import { Clock } from '../../platform/clock.js';
import { addresses } from '../../platform/web/addresses.js';
import type { Faults } from '../../platform/web/answers.js';
import { moment } from '../../platform/web/moments.js';
import { Views } from '../../platform/web/views.js';
import type { Say } from '../../platform/web/words.js';
import { emailTabs } from '../email_tabs.js';
import { DomainInspector } from './checks/domain_inspector.js';
import type { DomainKey } from './domain_key.entity.js';
import { type DomainWithKeys, DomainSetUpService } from './domain_set_up.service.js';
import { domainPill, findingGroups, readinessRows, recordRows } from './domains.views.js';
import { recordsOf } from './dns_records.js';

const DAY_MS = 86_400_000;
/** Mails under way may still be verified with an old key for so long. */
const KEEP_OLD_MS = 7 * DAY_MS;

interface Tried {
  typed: Record<string, string>;
  faults: Faults;
}

/** One domain: its records, what the last check found, its keys. */
@Injectable()
export class DomainPage {
  private readonly say: Say;

  constructor(
    private readonly domains: DomainSetUpService,
    private readonly inspector: DomainInspector,
    private readonly clock: Clock,
    views: Views,
  ) {
    this.say = views.wordsOf('mailer');
  }

  /** @param tried what was typed in one of its forms and why it was refused */
  async show(actor: Actor, name: string, tried?: Tried): Promise<object> {
    const { say } = this;
    const found = await this.domains.show(actor, name);
    const { domain, shownName, bounceDomain } = found.domain;
    const errorsOf = (field: string): object[] =>
      tried?.faults.fields[field] === undefined ? [] : tried.faults.errors;
    return {
      title: shownName,
      crumbs: [
        { href: addresses.brand.settings(), text: say('email.brand') },
        { href: addresses.mailer.domains(), text: say('domains.title') },
        { text: shownName },
      ],
      tabs: emailTabs(say, 'domains'),
      liveUrl: addresses.live.domain(domain),
      part: await this.partOf(actor, found),
      bounces: {
        action: addresses.mailer.bounceDomain(found.domain.domain),
        errors: errorsOf('bounce'),
        field: {
          name: 'bounce',
          label: say('domains.new.bounce'),
          help: say('domains.new.bounceHelp'),
          value: tried?.typed['bounce'] ?? bounceDomain.slice(0, -domain.length - 1),
          suffix: `.${shownName}`,
          error: tried?.faults.fields['bounce'],
          maxlength: '32',
          short: true,
          mono: true,
        },
      },
      removal: {
        action: addresses.mailer.domainRemoval(found.domain.domain),
        errors: errorsOf('confirmation'),
        field: {
          name: 'confirmation',
          label: say('domains.show.removeField', { domain: shownName }),
          value: '',
          error: tried?.faults.fields['confirmation'],
          required: true,
          autocomplete: 'off',
        },
      },
    };
  }

  /** What a check changes; the open page asks for it then. */
  async part(actor: Actor, name: string): Promise<object> {
    return this.partOf(actor, await this.domains.show(actor, name));
  }

  private async partOf(actor: Actor, found: DomainWithKeys): Promise<object> {
    const { say } = this;
    const { domain, keys } = found;
    const now = this.clock.now();
    const isChecking = domain.isChecking(now);
    const { bounceHost } = this.inspector;
    const { addresses: sending } = await this.inspector.leavingOf(domain);
    const records = recordsOf(domain, keys, { bounceHost, sendingAddresses: sending });
    return {
      id: domain.id,
      head: { title: domain.shownName, lead: say(`domains.show.lead.${domain.status}`) },
      pill: domainPill(domain.status, say),
      ascii: domain.shownName === domain.domain ? undefined : domain.domain,
      isNew: domain.verifiedAt === null,
      stateUrl: addresses.mailer.domainState(domain.domain),
      isChecking,
      checkUrl: addresses.mailer.domainChecks(found.domain.domain),
      checked: domain.checkedAt === null ? undefined : moment(domain.checkedAt, actor.timeZone, now),
      news: isChecking ? undefined : say('domains.show.checkedNews', { status: say(`domains.pill.${domain.status}`) }),
      records: recordRows(records, domain.findings, say),
      hasNoSpf: domain.bounceDomain !== '' && sending.length === 0,
      hasNoBounce: domain.bounceDomain !== '' && bounceHost === undefined,
      groups: findingGroups(domain.findings, say),
      readiness: domain.checkedAt === null ? undefined : readinessRows(domain.findings, say),
      keys: keys.filter(({ stage }) => stage !== 'retired').map((key) => this.keyRow(key, actor)),
      retired: this.retiredHosts(found),
      exchangeUrl: keys.some(({ stage }) => stage === 'next')
        ? undefined
        : addresses.mailer.domainKeys(found.domain.domain),
    };
  }

  private keyRow({ selector, algorithm, bits, stage, published, createdAt }: DomainKey, actor: Actor): object {
    const signs = stage === 'current' && published;
    return {
      selector,
      kind: this.say(`domains.show.kinds.${algorithm}`, { bits }),
      pill: { tone: signs ? 'done' : 'run', text: this.say(`domains.show.stages.${signs ? 'current' : 'next'}`) },
      made: moment(createdAt, actor.timeZone, this.clock.now()),
    };
  }

  private retiredHosts({ domain, keys }: DomainWithKeys): string | undefined {
    const since = this.clock.ms() - KEEP_OLD_MS * 4;
    const hosts = keys
      .filter(({ retiredAt }) => retiredAt !== null && retiredAt.getTime() > since)
      .map(({ selector }) => `${selector}._domainkey.${domain.domain}`);
    return hosts.length === 0 ? undefined : this.say('domains.show.retired', { hosts: hosts.join(', ') });
  }
}
