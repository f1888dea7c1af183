import { Injectable } from '@nestjs/common';
import { mustBeAllowed } from '../../brands/access.js';
import { PermissionsService } from '../../brands/permissions.service.js';
import type { Actor } from '../../platform/auth/actor.js';
import { AuditTrail } from '../../platform/auth/audit_trail.js';
import { Clock } from '../../platform/clock.js';
import { Database, type Unit } from '../../platform/db/database.js';
import { Invalid, LimitReached, NotFound, WrongState } from '../../platform/errors.js';
import { Jobs } from '../../platform/queue/jobs.js';
import { DomainKey } from './domain_key.entity.js';
import { DomainKeys, type MadeKey } from './domain_keys.js';
import { nextSelector, readFromDomain, secondSelector } from './domain_names.js';
import type { AddDomain } from './domains.forms.js';
import { checkDomain } from './domains.jobs.js';
import { DomainsService } from './domains.service.js';
import { FromDomain } from './from_domain.entity.js';

/** A domain with its keys, those that sign now first. */
export interface DomainWithKeys {
  domain: FromDomain;
  keys: DomainKey[];
}

const DOMAINS_A_BRAND = 50;
const CHECKS_A_MINUTE = 20;
const MINUTE_MS = 60_000;

/** Administrators add domains, exchange their keys, ask for checks and remove them. */
@Injectable()
export class DomainSetUpService {
  constructor(
    private readonly database: Database,
    private readonly permissions: PermissionsService,
    private readonly keys: DomainKeys,
    private readonly domains: DomainsService,
    private readonly jobs: Jobs,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
  ) {}

  async list(actor: Actor): Promise<FromDomain[]> {
    mustBeAllowed(actor, 'brand:admin');
    return this.database.inBrand(actor.brandId, ({ em }) => em.find(FromDomain, {}, { orderBy: { domain: 'asc' } }));
  }

  /** @throws {NotFound} */
  async show(actor: Actor, name: string): Promise<DomainWithKeys> {
    mustBeAllowed(actor, 'brand:admin');
    return this.database.inBrand(actor.brandId, async (unit) => {
      const domain = await mustFind(unit, name);
      return { domain, keys: await keysOf(unit, domain) };
    });
  }

  /** @throws {Invalid} for a domain that can't be this brand's */
  async add(actor: Actor, { domain: text, selector, bits, ed25519, bounce }: AddDomain): Promise<FromDomain> {
    mustBeAllowed(actor, 'brand:admin'); // before a key is made, which takes its time
    const name = readFromDomain(text);
    await this.mustBeFree(actor, name);
    const made = await this.pair(bits, ed25519);
    return this.permissions.administering(actor, async (unit) => {
      await mustHaveRoom(unit, name);
      const now = this.clock.now();
      const domain = Object.assign(new FromDomain(), {
        brandId: actor.brandId,
        domain: name,
        bounceDomain: below(name, bounce),
        createdAt: now,
        nextCheckAt: now,
      });
      await unit.em.persist(domain).flush();
      this.keep(unit, domain, made, { selector, stage: 'current' });
      await this.audit.record(unit, actor, 'domain.add', name, { after: { selector, bits, ed25519 } });
      this.wake(domain);
      return domain;
    });
  }

  /**
   * Makes new keys under the next selector. They sign as soon as a check finds them in the DNS; until then the old ones do.
   * @throws {WrongState} while others wait for that
   */
  async exchangeKeys(actor: Actor, name: string): Promise<void> {
    const { keys } = await this.show(actor, name);
    const made = await this.pair(
      Math.max(2048, ...keys.map(({ bits }) => bits)),
      keys.some(({ algorithm, stage }) => algorithm === 'ed25519' && stage === 'current'),
    );
    await this.permissions.administering(actor, async (unit) => {
      const domain = await mustFind(unit, name);
      const known = await keysOf(unit, domain);
      if (known.some(({ stage }) => stage === 'next')) {
        throw new WrongState('New keys of this domain already wait for their records. Publish those first.');
      }
      const selector = freeSelector(known);
      this.keep(unit, domain, made, { selector, stage: 'next' });
      await this.audit.record(unit, actor, 'domain.keys', domain.domain, { after: { selector } });
    });
  }

  /**
   * Asks for a look at the DNS.
   * @returns how many seconds to wait where the last one was just now; 0 when it begins
   */
  async askForCheck(actor: Actor, name: string): Promise<number> {
    return this.permissions.administering(actor, async (unit) => {
      const domain = await mustFind(unit, name);
      const [recent] = await unit.sql<{ n: string }>(
        'SELECT count(*) AS n FROM from_domains WHERE checked_at > $1 OR next_check_at <= $2',
        [new Date(this.clock.ms() - MINUTE_MS), this.clock.now()],
      );
      if (Number(recent!.n) >= CHECKS_A_MINUTE) {
        throw new LimitReached('Many domains of this brand were checked just now. Wait a minute.', 60);
      }
      const wait = domain.askForCheck(this.clock.now());
      if (wait === 0) {
        this.wake(domain);
      }
      return Math.ceil(wait / 1000);
    });
  }

  /** Has bounces return to another subdomain, or to the operator's domain when `bounce` is empty. */
  async changeBounces(actor: Actor, name: string, bounce: string): Promise<void> {
    await this.permissions.administering(actor, async (unit) => {
      const domain = await mustFind(unit, name);
      const before = { bounceDomain: domain.bounceDomain };
      if (domain.moveBounces(below(domain.domain, bounce), this.clock.now())) {
        const after = { bounceDomain: domain.bounceDomain };
        await this.audit.record(unit, actor, 'domain.bounces', domain.domain, { before, after });
        this.wake(domain);
      }
    });
  }

  /** @param confirmation the domain itself, typed @throws {Invalid} when it is not that */
  async remove(actor: Actor, name: string, confirmation: string): Promise<void> {
    await this.permissions.administering(actor, async (unit) => {
      const domain = await mustFind(unit, name);
      if (![domain.domain, domain.shownName].includes(confirmation)) {
        const message = `Type ${domain.shownName} to remove it.`;
        throw new Invalid(message, { confirmation: message });
      }
      await unit.run('DELETE FROM from_domains WHERE id = $1', [domain.id]);
      await this.audit.record(unit, actor, 'domain.remove', domain.domain, { before: { status: domain.status } });
    });
    this.domains.forgetKeys(actor.brandId);
  }

  private async mustBeFree(actor: Actor, name: string): Promise<void> {
    if (name === this.domains.installationDomain) {
      throw taken(`${name} is the domain of this installation and works already, for every brand.`);
    }
    const owner = await this.domains.ownerOf(actor.brandId, name);
    if (owner !== undefined && owner !== actor.brandId) {
      throw taken(`Another brand of this installation has set ${name} up. Ask the operator if it is yours.`);
    }
  }

  private async pair(bits: number, withEd25519: boolean): Promise<MadeKey[]> {
    const { keys } = this;
    return Promise.all([keys.make('rsa', bits), ...(withEd25519 ? [keys.make('ed25519', 256)] : [])]);
  }

  private keep(
    { em }: Unit,
    { brandId, id: domainId }: FromDomain,
    made: MadeKey[],
    { selector, stage }: Pick<DomainKey, 'selector' | 'stage'>,
  ): void {
    for (const key of made) {
      const name = key.algorithm === 'rsa' ? selector : secondSelector(selector);
      em.persist(this.keys.kept(key, { brandId, domainId, selector: name, stage }));
    }
  }

  private wake({ brandId, id: domainId }: FromDomain): void {
    this.jobs.later(checkDomain, { brandId, domainId });
  }
}

async function mustFind({ em }: Unit, name: string): Promise<FromDomain> {
  const domain = await em.findOne(FromDomain, { domain: name.toLowerCase() });
  if (domain === null) {
    throw new NotFound('There is no such domain in this brand.');
  }
  return domain;
}

/** Every key but its secret, current ones first, RSA before Ed25519. */
export function keysOf({ em }: Unit, { id }: FromDomain): Promise<DomainKey[]> {
  return em.find(DomainKey, { domainId: id }, { orderBy: { stage: 'asc', algorithm: 'desc', id: 'asc' } });
}

async function mustHaveRoom({ em }: Unit, name: string): Promise<void> {
  const names = (await em.find(FromDomain, {})).map(({ domain }) => domain);
  if (names.includes(name)) {
    throw taken(`${name} is here already.`);
  }
  if (names.length >= DOMAINS_A_BRAND) {
    throw taken(`A brand has ${DOMAINS_A_BRAND} domains at most. Remove one first.`);
  }
}

function below(domain: string, label: string): string {
  return label === '' ? '' : `${label}.${domain}`;
}

function freeSelector(known: DomainKey[]): string {
  const used = new Set(known.map(({ selector }) => selector));
  let selector = known.find(({ algorithm, stage }) => algorithm === 'rsa' && stage === 'current')!.selector;
  do {
    selector = nextSelector(selector);
  } while (used.has(selector));
  return selector;
}

function taken(message: string): Invalid {
  return new Invalid(message, { domain: message });
}
