import { getPublicSuffix } from 'tldts';
import { Invalid } from '../../platform/errors.js';
import { wireDomain } from '../../platform/email_address.js';

/** Names that only a network's own servers answer for: what they say is nobody's business outside (RFC 6761, RFC 8375). */
const INSIDE =
  /(?:^|\.)(?:local|localhost|localdomain|internal|intranet|private|corp|home|lan|onion|alt|invalid|arpa)$/;

/**
 * A domain that somebody wants to write from, in ASCII. Takes what people paste: an address, a URL, capitals, IDN.
 * @throws {Invalid} for what is no domain, or a suffix under which others have theirs
 */
export function readFromDomain(text: string): string {
  const bare = text
    .trim()
    .replace(/^[a-z]+:\/\//i, '')
    .replace(/[/?#].*$/, '')
    .replace(/^.*@/, '')
    .replace(/\.$/, '');
  const domain = wireDomain(bare.toLowerCase());
  if (domain === undefined || !domain.includes('.')) {
    throw refused('Write a domain like example.com.');
  }
  if (INSIDE.test(domain)) {
    throw refused('Only domains of the public DNS can be used. Ask the operator about one inside your network.');
  }
  if (getPublicSuffix(domain, { allowPrivateDomains: true }) === domain) {
    throw refused(`Everybody has domains under ${domain}. Write one that is yours, like example.${domain}.`);
  }
  return domain;
}

/** The selector of the key after the one with `selector`: its number goes up. */
export function nextSelector(selector: string): string {
  const [, name = '', number = ''] = /^(.*?)(\d*)$/.exec(selector) ?? [];
  return `${name}${number === '' ? 2 : Number(number) + 1}`;
}

/** Two kinds of key need two selectors: one record holds one key. */
export function secondSelector(selector: string): string {
  return `${selector}-ed`;
}

function refused(message: string): Invalid {
  return new Invalid(message, { domain: message });
}
