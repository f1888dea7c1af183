import { Injectable } from '@nestjs/common';
import { Clock } from '../../../platform/clock.js';
import { Config } from '../../../platform/config.js';
import { Names } from '../../../platform/net/names.js';
import { wireDomain } from '../../../platform/email_address.js';
import { relayFromUrl } from '../../relay.js';
import { BrandRelays } from '../../relays/brand_relays.js';
import type { DomainKey } from '../domain_key.entity.js';
import { DomainKeys } from '../domain_keys.js';
import { type Finding, findingsOf } from '../finding.js';
import type { FromDomain, Inspection } from '../from_domain.entity.js';
import { checkDmarc } from './dmarc_check.js';
import { keyFinding, type KeyRecord, probe, recordOf } from './dkim_check.js';
import { checkBounces, checkReverse } from './route_checks.js';
import { checkSpf } from './spf_check.js';

/** A look at the DNS, and which keys it showed. */
export interface Look extends Inspection {
  keys: { id: string; record: KeyRecord }[];
}

const dkim = findingsOf('dkim');
const bounce = findingsOf('bounce');
const tls = findingsOf('tls');
const unsubscribe = findingsOf('unsubscribe');
const reverse = findingsOf('reverse');
const WEAK_BITS = 2048;

/** Looks at everything that receivers look at, all of it at once and each part with an end. Changes nothing. */
@Injectable()
export class DomainInspector {
  constructor(
    private readonly names: Names,
    private readonly keys: DomainKeys,
    private readonly config: Config,
    private readonly clock: Clock,
    private readonly relays: BrandRelays,
  ) {}

  async inspect(domain: FromDomain, keys: DomainKey[]): Promise<Look> {
    const envelope = this.envelopeOf(domain);
    const { addresses, isOwnWay } = await this.leavingOf(domain);
    const [signatures, spf, dmarc, returns, reversed] = await Promise.all([
      this.signatures(domain, keys),
      checkSpf(this.names, { ...envelope, addresses }),
      checkDmarc(this.names, { from: domain.domain, signature: domain.domain, envelope: envelope.domain }),
      this.returns(domain),
      this.reversed(addresses),
    ]);
    const findings = [
      ...signatures.findings,
      ...spf,
      ...dmarc,
      ...returns.findings,
      ...reversed,
      ...this.ways(isOwnWay),
    ];
    const { showsKey, records } = signatures;
    return { findings, showsKey, bounceWorks: returns.works, keys: records };
  }

  /** The addresses that the domain's mails leave from; unknown where relays of the brand take them. */
  async leavingOf({ brandId, domain }: FromDomain): Promise<{ addresses: readonly string[]; isOwnWay: boolean }> {
    const own = await this.relays.waysFor(brandId, domain);
    return own.length > 0
      ? { addresses: [], isOwnWay: true }
      : { addresses: this.config.SENDING_ADDRESSES, isOwnWay: false };
  }

  /** Where bounces of the domain's mails return to, and whether the brand keeps that domain. */
  envelopeOf({ domain, bounceDomain }: FromDomain): { domain: string; isOwn: boolean } {
    if (bounceDomain !== '' && this.bounceHost !== undefined) {
      return { domain: bounceDomain, isOwn: true };
    }
    const ours = this.bounceHost ?? wireDomain(this.config.MAIL_DOMAIN ?? '');
    return ours === undefined ? { domain, isOwn: true } : { domain: ours, isOwn: false };
  }

  get bounceHost(): string | undefined {
    return wireDomain(this.config.BOUNCE_DOMAIN ?? '');
  }

  private async signatures(domain: FromDomain, keys: DomainKey[]) {
    const records = await Promise.all(
      keys.map(async (key) => ({ id: key.id, key, record: await recordOf(this.names, domain.domain, key) })),
    );
    const current = records.filter(({ key }) => key.stage === 'current');
    const main = current.find(({ key }) => key.algorithm === 'rsa');
    const findings = records.map(({ key, record }) => keyFinding(domain.domain, key, record));
    if (main !== undefined && main.key.bits < WEAK_BITS) {
      findings.push(dkim.warn('weak', { bits: main.key.bits, selector: main.key.selector }));
    }
    // A key that comes next shows as well whose the domain is, and is proved before it signs.
    const shown = records.filter(({ record }) => record === 'match').map(({ key }) => key);
    if (shown.some(({ algorithm }) => algorithm === 'rsa')) {
      const opened = shown.flatMap((key) => this.keys.opened(key, domain.domain));
      findings.push(await probe(this.names, opened, domain.domain, this.clock.now()));
    }
    const showsKey = main?.record === 'unsure' ? undefined : main?.record === 'match';
    return { findings, showsKey, records };
  }

  private async returns({ bounceDomain }: FromDomain): Promise<{ findings: Finding[]; works: boolean | undefined }> {
    if (this.bounceHost === undefined) {
      return { findings: [bounce.warn('noHost')], works: false };
    }
    if (bounceDomain === '') {
      return { findings: [bounce.warn('shared', { host: this.bounceHost })], works: false };
    }
    const { finding, works } = await checkBounces(this.names, bounceDomain, this.bounceHost);
    return { findings: [finding], works };
  }

  private async reversed(addresses: readonly string[]): Promise<Finding[]> {
    const { SMTP_URL, SMTP_DIRECT, MAIL_HOSTNAME } = this.config;
    const helo = SMTP_URL === undefined && SMTP_DIRECT ? MAIL_HOSTNAME : undefined;
    return addresses.length === 0
      ? [reverse.unknown('noAddresses')]
      : Promise.all(addresses.map((address) => checkReverse(this.names, address, helo)));
  }

  /** What the brand can't change in its DNS: encryption on the way, and the headers by which people unsubscribe. */
  private ways(isOwnWay: boolean): Finding[] {
    const { baseUrl, isSecure } = this.config;
    const headers = isSecure ? unsubscribe.good('oneClick') : unsubscribe.warn('notSecure', { baseUrl });
    return [isOwnWay ? tls.good('relays') : this.installationWay(), headers];
  }

  private installationWay(): Finding {
    const { SMTP_URL, SMTP_DIRECT } = this.config;
    if (SMTP_URL === undefined) {
      return SMTP_DIRECT ? tls.good('direct') : tls.warn('mailbox');
    }
    const mode = relayFromUrl(SMTP_URL, 1).tls;
    return mode === 'implicit' || mode === 'required' ? tls.good('required') : tls.warn(mode);
  }
}
