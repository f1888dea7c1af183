import { getDomain } from 'tldts';
import type { DomainKey } from './domain_key.entity.js';
import { recordName } from './checks/dkim_check.js';
import { proposal } from './checks/spf_record.js';
import type { Finding } from './finding.js';
import type { FromDomain } from './from_domain.entity.js';

/** A record that the domain's owner publishes. */
export interface DnsRecord {
  purpose: 'rsa' | 'ed25519' | 'next' | 'mx' | 'spf' | 'dmarc';
  type: 'TXT' | 'MX';
  host: string;
  value: string;
}

/** What the installation tells of itself, as far as its operator has said it. */
export interface Surroundings {
  bounceHost: string | undefined;
  sendingAddresses: readonly string[];
}

const TXT_STRING = 255;
const MX_PREFERENCE = 10;

/** The records of a domain: its keys, where bounces return to, who may send, and a policy where there is none. */
export function recordsOf(domain: FromDomain, keys: DomainKey[], around: Surroundings): DnsRecord[] {
  const live = keys.filter(({ stage }) => stage !== 'retired');
  const signatures = live.map((key): DnsRecord => {
    const purpose = key.stage === 'next' ? 'next' : key.algorithm;
    return { purpose, type: 'TXT', host: recordName(domain.domain, key), value: key.record };
  });
  return [...signatures, ...bounceRecords(domain, around), ...policyRecords(domain)];
}

function bounceRecords({ bounceDomain, findings }: FromDomain, around: Surroundings): DnsRecord[] {
  const { bounceHost, sendingAddresses } = around;
  if (bounceDomain === '' || bounceHost === undefined) {
    return [];
  }
  const mx: DnsRecord = { purpose: 'mx', type: 'MX', host: bounceDomain, value: `${MX_PREFERENCE} ${bounceHost}` };
  const proposed = findings.find(({ area, values }) => area === 'spf' && 'proposed' in values)?.values['proposed'];
  const value = proposed === undefined ? proposal(undefined, sendingAddresses) : String(proposed);
  return sendingAddresses.length === 0 ? [mx] : [mx, { purpose: 'spf', type: 'TXT', host: bounceDomain, value }];
}

/** Only where nobody has a policy yet: one that is there is its owner's. */
function policyRecords({ domain, findings, checkedAt }: FromDomain): DnsRecord[] {
  const isMissing = checkedAt === null || findings.some(({ area, code }) => area === 'dmarc' && code === 'none');
  return isMissing ? [{ purpose: 'dmarc', type: 'TXT', host: `_dmarc.${domain}`, value: 'v=DMARC1; p=none' }] : [];
}

/** The host as most providers want it: without the domain that they add themselves. */
export function shortHost(host: string): string {
  const zone = getDomain(host, { allowPrivateDomains: true }) ?? host;
  return host === zone ? '@' : host.slice(0, -zone.length - 1);
}

/** A long value in pieces, as zone files write it; undefined for one that fits. */
export function inPieces(value: string): string | undefined {
  const pieces = value.match(new RegExp(`.{1,${TXT_STRING}}`, 'g')) ?? [];
  return pieces.length > 1 ? pieces.map((piece) => `"${piece}"`).join(' ') : undefined;
}

/** What the last check said of one record. */
export function levelOf(findings: Finding[], { host, purpose }: DnsRecord): Finding['level'] | undefined {
  const area = { mx: 'bounce', spf: 'spf', dmarc: 'dmarc' }[purpose as string] ?? 'dkim';
  const about = findings.filter((finding) => finding.area === area && finding.record === host);
  return (['bad', 'unknown', 'warn', 'good'] as const).find((level) => about.some((one) => one.level === level));
}
