import { LockMode } from '@mikro-orm/core';
import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { Database, type Unit } from '../../platform/db/database.js';
import { DomainInspector, type Look } from './checks/domain_inspector.js';
import type { DomainKey } from './domain_key.entity.js';
import { type DomainWithKeys, keysOf } from './domain_set_up.service.js';
import { DomainsService } from './domains.service.js';
import { findingsOf } from './finding.js';
import { FromDomain } from './from_domain.entity.js';

/**
 * One look at a domain: taken for two minutes, made outside of any transaction, and concluded. A process that dies in
 * between leaves it to the next one.
 */
@Injectable()
export class DomainChecks {
  constructor(
    private readonly database: Database,
    private readonly inspector: DomainInspector,
    private readonly domains: DomainsService,
    private readonly clock: Clock,
  ) {}

  async run(brandId: string, domainId: string): Promise<void> {
    const taken = await this.take(brandId, domainId);
    if (taken === undefined) {
      return;
    }
    const look = await this.inspector.inspect(taken.domain, taken.keys);
    await this.conclude(taken.domain, look).catch((error: unknown) => {
      if ((error as { code?: string }).code !== UNIQUE_VIOLATION) {
        throw error;
      }
      return this.conclude(taken.domain, ownedByAnother(taken.domain, look));
    });
    this.domains.forgetKeys(brandId);
  }

  private take(brandId: string, domainId: string): Promise<DomainWithKeys | undefined> {
    return this.database.inBrand(brandId, async (unit) => {
      const domain = await locked(unit, domainId);
      if (domain === null || !domain.startCheck(this.clock.now())) {
        return undefined;
      }
      unit.changed(`domain:${domainId}`);
      const keys = await keysOf(unit, domain);
      return { domain, keys: keys.filter(({ stage }) => stage !== 'retired') };
    });
  }

  private conclude({ brandId, id, bounceDomain }: FromDomain, look: Look): Promise<void> {
    return this.database.inBrand(brandId, async (unit) => {
      const domain = await locked(unit, id);
      if (domain === null) {
        return;
      }
      const now = this.clock.now();
      // Moved while it was looked at: what was seen is about the old place.
      const isMoved = domain.bounceDomain !== bounceDomain;
      domain.conclude(isMoved ? { ...look, bounceWorks: false } : look, now);
      const isExchanged = exchange(await keysOf(unit, domain), look, now);
      if (isExchanged || isMoved) {
        domain.nextCheckAt = now;
      }
      unit.changed(`domain:${id}`);
    });
  }
}

const UNIQUE_VIOLATION = '23505';
const dkim = findingsOf('dkim');

/** Notes which keys the DNS showed. New ones take over once theirs was verified; the old ones' secrets are forgotten. */
function exchange(keys: DomainKey[], look: Look, now: Date): boolean {
  const recordOf = (key: DomainKey): string | undefined => look.keys.find(({ id }) => id === key.id)?.record;
  for (const key of keys.filter((one) => !['unsure', undefined].includes(recordOf(one)))) {
    key.published = recordOf(key) === 'match';
  }
  const next = keys.filter(({ stage }) => stage === 'next');
  const isProved = look.findings.some(({ area, code }) => area === 'dkim' && code === 'probe');
  const takesOver = isProved && next.some((key) => key.algorithm === 'rsa' && recordOf(key) === 'match');
  if (takesOver) {
    keys.filter(({ stage }) => stage === 'current').forEach((key) => key.retire(now));
    next.forEach((key) => (key.stage = 'current'));
  }
  return takesOver;
}

/** Two brands set up the same domain and the other one proved it first. */
function ownedByAnother({ domain }: FromDomain, look: Look): Look {
  const finding = dkim.bad('taken', { domain }, { blocks: true });
  return { ...look, findings: [finding, ...look.findings], showsKey: false };
}

function locked({ em }: Unit, id: string): Promise<FromDomain | null> {
  return em.findOne(FromDomain, { id }, { lockMode: LockMode.PESSIMISTIC_WRITE });
}
