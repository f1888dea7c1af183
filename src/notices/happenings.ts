import { Injectable } from '@nestjs/common';
import { FoundDistributions } from '../ledger/found_distributions.service.js';
import { DomainsService } from '../mailer/domains/domains.service.js';
import type { Unit } from '../platform/db/database.js';
import { Views } from '../platform/web/views.js';
import { happeningOf } from './happenings.sql.js';
import { limitHappenings } from './limit_happenings.sql.js';
import { relayHappening, silentRelays } from './relay_happenings.sql.js';
import type { Happening } from './notice_kinds.js';

/** What happened in a brand of which nobody was told yet. */
@Injectable()
export class Happenings {
  constructor(
    private readonly distributions: FoundDistributions,
    private readonly domains: DomainsService,
    private readonly views: Views,
  ) {}

  /** Part of the unit that keeps them: of a domain it is noted that its administrators were told. */
  async of(unit: Unit, brandId: string, now: Date): Promise<Happening[]> {
    const relay = await relayHappening(unit, now);
    return [
      ...(await this.ofDistributions(unit, brandId, now)),
      ...(await this.ofDomains(unit, now)),
      ...(await limitHappenings(unit, brandId, now)),
      ...(relay === undefined ? [] : [relay]),
      ...(await silentRelays(unit, now)),
    ];
  }

  private async ofDistributions(unit: Unit, brandId: string, now: Date): Promise<Happening[]> {
    const found = await unit.sql<{ id: string }>(
      'SELECT distribution_id AS id FROM find_distributions_with_news($2) WHERE brand_id = $1',
      [brandId, now],
    );
    const happenings: Happening[] = [];
    for (const { id } of found) {
      const happening = await happeningOf(unit, id, (of) => this.distributions.figuresOf(unit, of));
      if (happening !== undefined) {
        happenings.push(happening, ...forAdministrators(happening));
      }
    }
    return happenings;
  }

  private async ofDomains(unit: Unit, now: Date): Promise<Happening[]> {
    const say = this.views.wordsOf('mailer');
    const happenings: Happening[] = [];
    for (const news of await this.domains.withNews(unit)) {
      const { id, status, domain, shownName: title, findings, checkedAt } = news;
      const causes = findings
        .filter(({ blocks }) => blocks === true)
        .map(({ area, code, values }) => say(`domains.findings.${area}.${code}.what`, values));
      const facts = { words: status === 'failed' ? 'domain_failed' : 'domain_works', title, causes, domain };
      const stamp = (checkedAt ?? now).toISOString();
      happenings.push({ key: `domain:${id}`, kind: 'domains', state: status, stamp, facts });
      await this.domains.noteTold(unit, news);
    }
    return happenings;
  }
}

/** Whoever answers for the brand's good name hears that the system stopped a sending. */
function forAdministrators(happening: Happening): Happening[] {
  return happening.facts.words.startsWith('paused_')
    ? [{ ...happening, key: happening.key.replace('distribution:', 'pause:'), kind: 'pauses' }]
    : [];
}
