import type { Names } from '../../../platform/net/names.js';
import { type Finding, findingsOf } from '../finding.js';

const bounce = findingsOf('bounce');
const reverse = findingsOf('reverse');
const HOSTS = 10;

/** Whether mail to a bounce domain reaches `host`, which takes what comes back: by MX, by alias or by its address. */
export async function checkBounces(
  names: Names,
  domain: string,
  host: string,
): Promise<{ finding: Finding; works: boolean | undefined }> {
  const values = { domain, host };
  const about = { record: domain };
  const answer = await names.mx(domain);
  if (answer.status === 'unsure') {
    return { finding: bounce.unknown('unsure', values, about), works: undefined };
  }
  if (answer.status === 'null') {
    return { finding: bounce.bad('null', values, about), works: false };
  }
  const exchanges = answer.status === 'found' ? answer.records.map(({ exchange }) => exchange.toLowerCase()) : [domain];
  const reaches = exchanges.includes(host) || (await sharesAddress(names, exchanges, host));
  if (reaches) {
    return { finding: bounce.good('reaches', values, about), works: true };
  }
  const finding =
    answer.status === 'found'
      ? bounce.bad('elsewhere', { ...values, found: exchanges.slice(0, HOSTS).join(', ') }, about)
      : bounce.bad('missing', values, about);
  return { finding, works: false };
}

async function sharesAddress(names: Names, exchanges: string[], host: string): Promise<boolean> {
  const mx = await names.mx(host);
  const ours = [host, ...(mx.status === 'found' ? mx.records.map(({ exchange }) => exchange.toLowerCase()) : [])];
  if (exchanges.some((exchange) => ours.includes(exchange))) {
    return true;
  }
  const [theirs, known] = await Promise.all([allAddresses(names, exchanges), allAddresses(names, ours)]);
  return theirs.some((address) => known.includes(address));
}

async function allAddresses(names: Names, hosts: string[]): Promise<string[]> {
  return (await Promise.all(hosts.slice(0, HOSTS).map((host) => names.addresses(host)))).flat();
}

/**
 * The name that a sending address gives itself, and whether that name leads back to it (receivers ask for both).
 * @param helo what we call ourselves there, where we speak to receivers
 */
export async function checkReverse(names: Names, address: string, helo?: string): Promise<Finding> {
  const answer = await names.ptr(address);
  if (answer.status === 'unsure') {
    return reverse.unknown('unsure', { address });
  }
  if (answer.status !== 'found') {
    return reverse.bad('none', { address });
  }
  const hosts = answer.records.slice(0, HOSTS);
  const forward = await Promise.all(hosts.map((host) => names.lookup(host)));
  const confirmed = hosts.find((_host, index) => {
    const found = forward[index]!;
    return found.status === 'found' && found.records.includes(address);
  });
  if (confirmed !== undefined) {
    return helo === undefined || hosts.includes(helo)
      ? reverse.good('confirmed', { address, host: confirmed })
      : reverse.warn('otherName', { address, host: confirmed, helo });
  }
  const values = { address, host: hosts[0]! };
  const isUnsure = forward.some(({ status }) => status === 'unsure');
  return isUnsure ? reverse.unknown('unsure', values) : reverse.bad('unconfirmed', values);
}
