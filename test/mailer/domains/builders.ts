import type { DnsServer, Records, Script } from '../../platform/dns_server.js';
import { reverseName } from '../../platform/dns_server.js';
import type { Person, World } from '../../world.js';
import { DomainSetUpService, type DomainWithKeys } from '../../../src/mailer/domains/domain_set_up.service.js';
import type { AddDomain } from '../../../src/mailer/domains/domains.forms.js';

export const SENDING_ADDRESS = '198.51.100.7';
export const BOUNCE_HOST = 'bounce.canvass.example';

/** Settings of an installation that sends by itself and asks the scripted DNS. */
export function settings(dns: DnsServer): Record<string, string> {
  return {
    DNS_SERVERS: dns.address,
    SENDING_ADDRESSES: SENDING_ADDRESS,
    BOUNCE_DOMAIN: BOUNCE_HOST,
    MAIL_DOMAIN: 'canvass.example',
    BASE_URL: 'https://surveys.canvass.example',
  };
}

/** The installation's own part of the DNS, in order. */
export function ownZone(): Record<string, Script> {
  return {
    [BOUNCE_HOST]: { A: [SENDING_ADDRESS], MX: [[10, BOUNCE_HOST]], TXT: [`v=spf1 ip4:${SENDING_ADDRESS} -all`] },
    [reverseName(SENDING_ADDRESS)]: { PTR: [BOUNCE_HOST] },
  };
}

/** All records of a domain as its page shows them. */
export function zoneOf({ domain, keys }: DomainWithKeys): Record<string, Records> {
  const signatures = keys
    .filter(({ stage }) => stage !== 'retired')
    .map((key) => [`${key.selector}._domainkey.${domain.domain}`, { TXT: [key.record] }]);
  return {
    ...(Object.fromEntries(signatures) as Record<string, Records>),
    [domain.bounceDomain]: { MX: [[10, BOUNCE_HOST]], TXT: [`v=spf1 ip4:${SENDING_ADDRESS} -all`] },
    [`_dmarc.${domain.domain}`]: { TXT: ['v=DMARC1; p=reject'] },
  };
}

export const FORM: AddDomain = { domain: '', selector: 'canvass1', bits: 2048, ed25519: true, bounce: 'bounce' };

/** A domain that is set up and not checked yet. */
export async function addDomain(world: World, { actor }: Person, domain: string): Promise<DomainWithKeys> {
  const service = world.app.get(DomainSetUpService);
  await service.add(actor, { ...FORM, domain });
  await world.jobs.settled();
  return service.show(actor, domain);
}

/** Asks for a check after a pause and waits for its end. */
export async function checked(world: World, { actor }: Person, domain: string): Promise<DomainWithKeys> {
  const service = world.app.get(DomainSetUpService);
  world.clock.forward(61_000);
  expect(await service.askForCheck(actor, domain)).toBe(0);
  await world.jobs.settled();
  return service.show(actor, domain);
}

/** `level area.code` of every finding that is not good. */
export function troubles({ domain }: DomainWithKeys): string[] {
  return domain.findings
    .filter(({ level }) => level !== 'good')
    .map(({ level, area, code }) => `${level} ${area}.${code}`);
}
