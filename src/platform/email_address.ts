import { domainToASCII } from 'node:url';

// RFC 5322 atext with dots between, and letters of any script (RFC 6531); no quoted local parts, nobody has them.
const LOCAL = /^[\w!#$%&'*+/=?^`{|}~\p{L}\p{M}\p{N}-]+(?:\.[\w!#$%&'*+/=?^`{|}~\p{L}\p{M}\p{N}-]+)*$/u;
const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
// No top-level domain is a number; the URL parser behind `domainToASCII` would read `ada@123` as an IP address.
const NUMBER = /(?:^|\.)(?:\d+|0x[0-9a-f]*)\.?$/i;
const LOCAL_BYTES = 64;
const DOMAIN_BYTES = 253;
const ADDRESS_BYTES = 254; // RFC 5321 §4.5.3.1.3: a path has 256 with its angle brackets

/** The address as it goes on the wire, its domain in ASCII (IDN → A-labels), or undefined where it is none. */
export function wireAddress(address: string): string | undefined {
  const at = address.lastIndexOf('@');
  const local = address.slice(0, at);
  const domain = wireDomain(address.slice(at + 1));
  if (at < 1 || domain === undefined || Buffer.byteLength(local) > LOCAL_BYTES) {
    return undefined;
  }
  const wire = `${local}@${domain}`;
  return LOCAL.test(local) && Buffer.byteLength(wire) <= ADDRESS_BYTES ? wire : undefined;
}

/** A domain in ASCII and lower case, or undefined where it is none. */
export function wireDomain(domain: string): string | undefined {
  if (/[\s:/?#@\\%]/.test(domain) || NUMBER.test(domain)) {
    return undefined;
  }
  const ascii = /^[a-z0-9.-]+$/.test(domain) && !domain.includes('xn--') ? domain : domainToASCII(domain).toLowerCase();
  return ascii.length <= DOMAIN_BYTES && ascii.split('.').every((label) => LABEL.test(label)) ? ascii : undefined;
}

/** The domain of an address, in ASCII. */
export function domainOf(address: string): string | undefined {
  return wireAddress(address)?.split('@').at(-1);
}
