import { domainToASCII } from 'node:url';
import { MailRefused } from './mail_refused.js';

/** A person or desk as a header names it. */
export interface Mailbox {
  name?: string;
  address: string;
}

// RFC 5322 atext with dots between, and letters of any script (RFC 6531); no quoted local parts, nobody has them.
const LOCAL = /^[\w!#$%&'*+/=?^`{|}~\u{a0}-\u{10ffff}-]+(?:\.[\w!#$%&'*+/=?^`{|}~\u{a0}-\u{10ffff}-]+)*$/u;
const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const LOCAL_BYTES = 64;
const DOMAIN_BYTES = 253;

/** The address as it goes on the wire, its domain in ASCII (IDN → A-labels), or undefined where it is none. */
export function wireAddress(address: string): string | undefined {
  const at = address.lastIndexOf('@');
  const local = address.slice(0, at);
  const domain = wireDomain(address.slice(at + 1));
  if (at < 1 || domain === undefined || Buffer.byteLength(local) > LOCAL_BYTES) return undefined;
  return LOCAL.test(local) && local.isWellFormed() ? `${local}@${domain}` : undefined;
}

/** @throws {MailRefused} where the text is no address */
export function requireAddress(address: string): string {
  const wire = wireAddress(address);
  if (wire === undefined) throw new MailRefused(`"${address.slice(0, 100)}" is not an e-mail address`);
  return wire;
}

/** A domain in ASCII and lower case, or undefined where it is none. */
export function wireDomain(domain: string): string | undefined {
  const ascii = /[\s:/?#@\\%]/.test(domain) ? '' : domainToASCII(domain).toLowerCase();
  if (ascii === '' || ascii.length > DOMAIN_BYTES) return undefined;
  return ascii.split('.').every((label) => LABEL.test(label)) ? ascii : undefined;
}

/** The domain of an address, in ASCII. */
export function domainOf(address: string): string | undefined {
  return wireAddress(address)?.split('@').at(-1);
}
