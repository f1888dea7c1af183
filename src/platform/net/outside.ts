import { isIP } from 'node:net';
import { domainToASCII } from 'node:url';
import { Injectable } from '@nestjs/common';
import ipaddr from 'ipaddr.js';
import { Config } from '../config.js';
import { Invalid } from '../errors.js';
import { Names } from './names.js';

/** Where to connect: the address that was checked, so that a second look-up cannot lead elsewhere. */
export interface Reachable {
  address: string;
  family: 4 | 6;
}

/** Why a host is refused, for callers that have to tell "never" from "later". */
export type OutsideRefusal = 'host_inside' | 'host_unknown' | 'host_unsure';

/** Azure answers its machines on a public address; everything else of the kind is in a range of its own. */
const METADATA = new Set(['168.63.129.16']);
/** All of IPv6 that is handed out to the world; what is outside is local, mapped, translated or reserved. */
const GLOBAL_V6 = ipaddr.parseCIDR('2000::/3');

/**
 * Guards connections to hosts that somebody typed in (server-side request forgery): resolves once, refuses when any
 * address is inside, and names the address to connect to. A caller that connects to that address, with the name for TLS
 * only, cannot be led inside by a DNS that changes its answer.
 */
@Injectable()
export class Outside {
  constructor(
    private readonly names: Names,
    private readonly config: Config,
  ) {}

  /** @throws {Invalid} with an `OutsideRefusal` as its code */
  async mustBeReachable(host: string): Promise<Reachable> {
    const name = plainHost(host);
    const addresses = ipaddr.isValid(name) ? [ipaddr.parse(name).toString()] : await this.addressesOf(name, host);
    const inside = addresses.find((address) => !this.isAllowed(name, address) && !isPublic(address));
    if (inside !== undefined) {
      throw refused(
        'host_inside',
        `${shown(host)} leads to ${inside}, which is inside this network. Enter a host on the internet, or ask the operator to add it to ALLOW_PRIVATE_HOSTS.`,
      );
    }
    const address = addresses[0]!;
    return { address, family: isIP(address) === 6 ? 6 : 4 };
  }

  private async addressesOf(name: string, host: string): Promise<string[]> {
    if (/(?:^|\.)localhost$/.test(name)) {
      return ['127.0.0.1']; // RFC 6761 §6.3: whatever a DNS says
    }
    const answer = await this.names.lookup(name);
    if (answer.status === 'found') {
      return answer.records;
    }
    if (answer.status === 'unsure') {
      throw refused('host_unsure', `${shown(host)} could not be looked up now (${answer.why}). Try again later.`);
    }
    throw refused('host_unknown', `${shown(host)} has no address in the DNS. Check how it is written.`);
  }

  private isAllowed(name: string, address: string): boolean {
    return this.config.ALLOW_PRIVATE_HOSTS.some((entry) =>
      ipaddr.isValidCIDR(entry) ? isWithin(address, entry) : entry === name || entry === address,
    );
  }
}

/** Whether the whole world may be meant by an address: neither this machine, nor its networks, nor a way around to them. */
export function isPublic(address: string): boolean {
  if (!ipaddr.isValid(address) || METADATA.has(address)) {
    return false;
  }
  const parsed = ipaddr.parse(address);
  return parsed.range() === 'unicast' && (parsed.kind() === 'ipv4' || parsed.match(GLOBAL_V6));
}

function isWithin(address: string, cidr: string): boolean {
  const [range, bits] = ipaddr.parseCIDR(cidr);
  const parsed = ipaddr.parse(address);
  return parsed.kind() === range.kind() && parsed.match(range, bits);
}

/** A host as it is looked up: no brackets, no final dot, IDN in ASCII; an empty name finds nothing. */
function plainHost(host: string): string {
  const bare = host
    .trim()
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/\.$/, '')
    .toLowerCase();
  return ipaddr.isValid(bare) ? bare : domainToASCII(bare);
}

function shown(host: string): string {
  return `"${host.replace(/[\p{Cc}\p{Cf}]/gu, '').slice(0, 100)}"`;
}

function refused(code: OutsideRefusal, message: string): Invalid {
  return new Invalid(message, { host: message }, code);
}
