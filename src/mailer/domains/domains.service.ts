import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { Config } from '../../platform/config.js';
import { Database, type Unit } from '../../platform/db/database.js';
import { domainOf, wireDomain } from '../../platform/email_address.js';
import { Ways } from '../relays/ways.js';
import { DomainKeys, type SigningKey } from './domain_keys.js';
import { type DomainStatus, FromDomain } from './from_domain.entity.js';

/** Whether mails may carry a From address, and if not, by which rule and what would be right. */
export interface FromVerdict {
  allowed: boolean;
  /** EQD17: the domain is not one to write from. CVS03: it is ours, but its check stands in the way, or it is no address. */
  code?: 'EQD17' | 'CVS03';
  /** The domains that are allowed; empty means any. */
  domains: string[];
  why: string;
}

/** A domain that a brand may see in its menu of From domains. */
export interface ChoosableDomain {
  domain: string;
  status: DomainStatus;
  /** Vouched for by the operator (`MAIL_DOMAIN`). */
  isInstallation: boolean;
}

/** Signing asks for each mail; keys change once a year. */
const KEYS_FOR_MS = 60_000;
const REMEMBERED = 1000;

/** What signs the mails of a domain, or why they must not leave although nothing does. */
export interface Signing {
  keys: SigningKey[];
  obstacle: string | undefined;
}

interface Remembered {
  until: number;
  signing: Promise<Signing>;
}

/** The front door of From domains: who may write from where, and with which keys. It asks the database, never the DNS. */
@Injectable()
export class DomainsService {
  private readonly remembered = new Map<string, Remembered>();

  constructor(
    private readonly database: Database,
    private readonly keys: DomainKeys,
    private readonly config: Config,
    private readonly clock: Clock,
    private readonly ways: Ways,
  ) {}

  /** Domains that may send no longer, or may again, of which their administrators have not heard. */
  async withNews(unit: Unit): Promise<FromDomain[]> {
    const changed = { $or: [{ status: 'failed' as const }, { toldStatus: 'failed' as const }] };
    const found = await unit.em.find(FromDomain, changed);
    return found.filter(({ hasNews }) => hasNews);
  }

  /** Its administrators hear of it. */
  async noteTold(unit: Unit, { id, status }: FromDomain): Promise<void> {
    await unit.run('UPDATE from_domains SET told_status = $2 WHERE id = $1', [id, status]);
  }

  /** The keys that sign mails from `fromDomain`; none where there are none. Remembered for a minute. */
  async signingKeysOf(brandId: string, fromDomain: string): Promise<SigningKey[]> {
    return (await this.signingOf(brandId, fromDomain)).keys;
  }

  /** The same, with why mails must not leave without a signature, where they must not. */
  signingOf(brandId: string, fromDomain: string): Promise<Signing> {
    const name = `${brandId}|${fromDomain}`;
    const known = this.remembered.get(name);
    if (known !== undefined && known.until > this.clock.ms()) {
      return known.signing;
    }
    const signing = this.openSigning(brandId, fromDomain);
    if (this.remembered.size >= REMEMBERED) {
      this.remembered.clear();
    }
    this.remembered.set(name, { until: this.clock.ms() + KEYS_FOR_MS, signing });
    signing.catch(() => this.remembered.delete(name));
    return signing;
  }

  /** What was remembered of a brand's keys counts no longer, in this process at once, in others within a minute. */
  forgetKeys(brandId: string): void {
    for (const name of this.remembered.keys()) {
      if (name.startsWith(`${brandId}|`)) this.remembered.delete(name);
    }
  }

  /** The rule behind EQD17 and CVS03. */
  verdictOf(brandId: string, address: string): Promise<FromVerdict> {
    return this.database.inBrand(brandId, (unit) => this.verdictOfIn(unit, brandId, address));
  }

  /** As `verdictOf`, in a unit that is open. */
  async verdictOfIn(unit: Unit, brandId: string, address: string): Promise<FromVerdict> {
    const domain = domainOf(address);
    if (await this.ways.stayHere(brandId)) {
      const verdict = domain === undefined ? NO_ADDRESS : { allowed: true, why: STAYS_HERE };
      return { ...verdict, domains: [] };
    }
    const own = (await this.ofBrandIn(unit)).filter((one) => one.domain !== this.installationDomain);
    const domains = this.installationDomain === undefined ? [] : allowedOf(this.installationDomain, own);
    const custom = own.find((one) => one.domain === domain);
    const verdict =
      custom !== undefined || domain === undefined ? ofOwn(custom) : await this.ofOther(unit, brandId, domain, domains);
    return { ...verdict, domains };
  }

  /** The domains that a brand may have in a menu, its own first whatever their status, then the installation's. */
  async fromDomainsOf(brandId: string): Promise<ChoosableDomain[]> {
    const own = (await this.ofBrand(brandId)).filter(({ domain }) => domain !== this.installationDomain);
    const custom = own.map(({ domain, status }) => ({ domain, status, isInstallation: false }));
    return this.installationDomain === undefined
      ? custom
      : [...custom, { domain: this.installationDomain, status: 'active', isInstallation: true }];
  }

  /** The bounce domain of the brand's own that reaches us, for mails from `fromDomain`. */
  async bounceHostOf(brandId: string, fromDomain: string): Promise<string | undefined> {
    const own = await this.ofBrand(brandId);
    const found = own.find(({ domain }) => domain === fromDomain);
    return found?.bounceWorks === true && found.bounceDomain !== '' ? found.bounceDomain : undefined;
  }

  /** The brand that has proved to own a domain, whichever asks. */
  ownerOf(brandId: string, domain: string): Promise<string | undefined> {
    return this.database.inBrand(brandId, (unit) => this.ownerOfIn(unit, domain));
  }

  /** As `ownerOf`, in a unit that is open. */
  async ownerOfIn(unit: Unit, domain: string): Promise<string | undefined> {
    const rows = await unit.sql<{ brand_id: string }>('SELECT brand_id FROM find_domain_owner($1)', [domain]);
    return rows[0]?.brand_id;
  }

  /** `MAIL_DOMAIN`, which the operator vouches for. */
  get installationDomain(): string | undefined {
    return this.config.MAIL_DOMAIN === undefined ? undefined : wireDomain(this.config.MAIL_DOMAIN);
  }

  private async openSigning(brandId: string, fromDomain: string): Promise<Signing> {
    if (fromDomain === this.installationDomain) {
      return { keys: await this.keys.ofInstallation(fromDomain), obstacle: undefined };
    }
    const keys = await this.keys.open(brandId, fromDomain);
    // Few receivers check Ed25519: alone it is none.
    const isSigned = keys.some(({ algorithm }) => algorithm === 'rsa-sha256');
    return { keys, obstacle: isSigned ? undefined : await this.whyNotUnsigned(brandId, fromDomain) };
  }

  private async whyNotUnsigned(brandId: string, fromDomain: string): Promise<string | undefined> {
    const verdict = await this.verdictOf(brandId, `postmaster@${fromDomain}`);
    if (!verdict.allowed) {
      return verdict.why;
    }
    const isOwn = (await this.ofBrand(brandId)).some(({ domain }) => domain === fromDomain);
    return isOwn && !(await this.ways.stayHere(brandId))
      ? `The signing key of ${fromDomain} is not in the DNS.`
      : undefined;
  }

  private async ofOther(unit: Unit, brandId: string, domain: string, domains: string[]): Promise<Ruling> {
    const owner = domains.length === 0 ? await this.ownerOfIn(unit, domain) : undefined;
    const isAllowed = domains.length === 0 ? owner === undefined || owner === brandId : domains.includes(domain);
    return isAllowed ? { allowed: true, why: '' } : { allowed: false, code: 'EQD17', why: foreign(domain, domains) };
  }

  private ofBrand(brandId: string): Promise<FromDomain[]> {
    return this.database.inBrand(brandId, (unit) => this.ofBrandIn(unit));
  }

  /** As `ofBrand`, in a unit that is open. */
  private ofBrandIn(unit: Unit): Promise<FromDomain[]> {
    return unit.em.find(FromDomain, {}, { orderBy: { domain: 'asc' } });
  }
}

type Ruling = Omit<FromVerdict, 'domains'>;

const NO_ADDRESS: Ruling = { allowed: false, code: 'CVS03', why: 'This is not an e-mail address.' };
const STAYS_HERE = 'Mails stay in the development mailbox, so any From address may be used.';

/** @param domain undefined where the address has none */
function ofOwn(domain: FromDomain | undefined): Ruling {
  if (domain === undefined) {
    return NO_ADDRESS;
  }
  return domain.status === 'active'
    ? { allowed: true, why: '' }
    : { allowed: false, code: 'CVS03', why: whyNot(domain) };
}

function allowedOf(installation: string, own: FromDomain[]): string[] {
  return [installation, ...own.filter(({ status }) => status === 'active').map(({ domain }) => domain)];
}

function whyNot({ domain, status }: FromDomain): string {
  return status === 'failed'
    ? `The last check of ${domain} failed. See under Brand › E-mail what to change in its DNS.`
    : `${domain} is not ready yet: its records are not all found in the DNS. See under Brand › E-mail what is missing.`;
}

function foreign(domain: string, domains: string[]): string {
  return domains.length === 0
    ? `${domain} belongs to another brand of this installation.`
    : `Mails leave this installation from ${domains.join(', ')} only, not from ${domain}.`;
}
