import ipaddr from 'ipaddr.js';

/** IPv4 written as IPv6 by a translator in front (RFC 6052 §2.1). */
const TRANSLATED = ipaddr.parseCIDR('64:ff9b::/96');

/** Some proxies write the port into X-Forwarded-For: `203.0.113.7:4711`, `[2001:db8::1]:4711` (RFC 7239 §6). */
const BRACKETS = /^\[([^\]]+)\](?::\d+)?$/;
const PORT = /^(\d+(?:\.\d+){3}):\d+$/;

/** Whom an address stands for, the nearest first. */
export interface Networks {
  /** A house: the IPv4 address, or the /64 of IPv6 in which everybody chooses addresses as they like. */
  near: string;
  /** A site: the /48 that a provider hands out; of IPv4 undefined. */
  wide: string | undefined;
}

/**
 * By what visitors are counted. IPv4 is the same however it is written; what is no address at all counts as one.
 * @param address as `request.ip` has it, which believes as many proxies as TRUST_PROXY says
 */
export function networksOf(address: string | undefined): Networks {
  const plain = (address ?? '').replace(BRACKETS, '$1').replace(PORT, '$1').replace(/%.*$/, '');
  if (!ipaddr.isValid(plain)) {
    return { near: 'unknown', wide: undefined };
  }
  const parsed = ipaddr.process(plain);
  if (parsed instanceof ipaddr.IPv4) {
    return { near: parsed.toString(), wide: undefined };
  }
  if (parsed.match(TRANSLATED)) {
    return { near: ipaddr.fromByteArray(parsed.toByteArray().slice(12)).toString(), wide: undefined };
  }
  return { near: `${prefixOf(parsed, 4)}/64`, wide: `${prefixOf(parsed, 3)}/48` };
}

function prefixOf({ parts }: ipaddr.IPv6, groups: number): string {
  return `${parts
    .slice(0, groups)
    .map((part) => part.toString(16))
    .join(':')}::`;
}
