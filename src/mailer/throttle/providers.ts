import { getDomain } from 'tldts';

/** Who runs the servers behind a recipient's domain: one judgement, and one limit, for all of its domains. */
export interface Provider {
  name: string;
  /** How many connections it should see at most, when we go there directly. */
  connections: number;
  messagesPerConnection: number;
  /** Its servers always offer TLS: nothing goes to it in clear text. */
  tlsRequired?: boolean;
}

interface KnownProvider extends Provider {
  /** Its mail servers end so. */
  servers: readonly string[];
  /** Its own domains, for ways on which no mail server is looked up. */
  domains: readonly string[];
}

/** Start values as KumoMTA ships them; only the automatic slow-down knows what a provider wants today. */
const KNOWN: readonly KnownProvider[] = [
  {
    name: 'Google',
    connections: 5,
    messagesPerConnection: 50,
    tlsRequired: true,
    servers: ['google.com', 'googlemail.com', 'smtp.goog'],
    domains: ['gmail.com', 'googlemail.com'],
  },
  {
    name: 'Microsoft',
    connections: 5,
    messagesPerConnection: 50,
    servers: ['outlook.com', 'hotmail.com', 'mx.microsoft'],
    domains: [
      'outlook.com',
      'hotmail.com',
      'live.com',
      'msn.com',
      'hotmail.co.uk',
      'hotmail.fr',
      'hotmail.de',
      'outlook.de',
    ],
  },
  {
    name: 'Yahoo',
    connections: 5,
    messagesPerConnection: 20,
    servers: ['yahoodns.net'],
    domains: ['yahoo.com', 'ymail.com', 'aol.com', 'yahoo.co.uk', 'yahoo.fr', 'yahoo.de', 'rocketmail.com', 'aim.com'],
  },
  {
    name: 'Apple',
    connections: 10,
    messagesPerConnection: 5,
    servers: ['icloud.com'],
    domains: ['icloud.com', 'me.com', 'mac.com'],
  },
  {
    name: 'GMX and WEB.DE',
    connections: 5,
    messagesPerConnection: 50,
    servers: ['gmx.net', 'web.de', 'kundenserver.de'],
    domains: ['gmx.de', 'gmx.net', 'gmx.at', 'gmx.ch', 'gmx.com', 'web.de'],
  },
  {
    name: 'Telekom',
    connections: 5,
    messagesPerConnection: 50,
    servers: ['t-online.de'],
    domains: ['t-online.de', 'magenta.de'],
  },
  { name: 'Mimecast', connections: 5, messagesPerConnection: 50, servers: ['mimecast.com'], domains: [] },
  {
    name: 'Proofpoint',
    connections: 5,
    messagesPerConnection: 50,
    servers: ['pphosted.com', 'ppe-hosted.com'],
    domains: [],
  },
  { name: 'Barracuda', connections: 5, messagesPerConnection: 50, servers: ['barracudanetworks.com'], domains: [] },
  {
    name: 'Zoho',
    connections: 5,
    messagesPerConnection: 50,
    servers: ['zoho.com', 'zoho.eu'],
    domains: ['zohomail.com'],
  },
];

const BY_DOMAIN = new Map(KNOWN.flatMap((provider) => provider.domains.map((domain) => [domain, provider] as const)));

/** The provider of a domain by its name alone; one that nobody knows is its own. */
export function providerOfDomain(domain: string): Provider {
  return BY_DOMAIN.get(domain) ?? { name: domain, connections: 10, messagesPerConnection: 100 };
}

/** The provider by the name of its mail server, else by the domain. */
export function providerOfServer(server: string, domain: string): Provider {
  const host = server.toLowerCase().replace(/\.$/, '');
  const known = KNOWN.find(({ servers }) => servers.some((end) => host === end || host.endsWith(`.${end}`)));
  return known ?? providerOfDomain(domain);
}

/** Whose word it is what servers of a domain say: a public provider's, or that of the organization that owns it. */
export function judgeOfDomain(domain: string): string {
  return BY_DOMAIN.get(domain)?.name ?? getDomain(domain) ?? domain;
}

/** A provider with addresses for everybody: nobody who has one commands its servers. */
export function isPublicProvider(name: string): boolean {
  return KNOWN.some((provider) => provider.name === name && provider.domains.length > 0);
}
