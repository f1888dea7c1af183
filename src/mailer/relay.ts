import { createHash } from 'node:crypto';

/** How long each step may take, in milliseconds (RFC 5321 §4.5.3.2; connect and greeting as Postfix waits). */
export interface Patience {
  connect: number;
  greeting: number;
  /** MAIL, RCPT and RSET. */
  command: number;
  data: number;
  /** One block of the body. */
  block: number;
  /** The answer to the final dot. An impatient client is the one that makes duplicates. */
  dot: number;
  /** A whole transaction: after this its socket is destroyed, well before the sweep would call the message uncertain. */
  transaction: number;
}

const MINUTE = 60_000;

export const DEFAULT_PATIENCE: Patience = {
  connect: 30_000,
  greeting: 30_000,
  command: 5 * MINUTE,
  data: 2 * MINUTE,
  block: 3 * MINUTE,
  dot: 10 * MINUTE,
  transaction: 15 * MINUTE,
};

/** `required`: no TLS, no mail. `offered`: TLS when the server offers it. `off`: clear text. */
export type TlsMode = 'implicit' | 'required' | 'offered' | 'off';

/** How we prove who we are. A token is asked for at every sign-in; `isRenewal` when the last one was refused. */
export type Login =
  | { method?: 'PLAIN' | 'LOGIN' | 'CRAM-MD5'; user: string; password: string }
  | { method: 'XOAUTH2'; user: string; token(isRenewal: boolean): Promise<string> };

/** A server that takes our mails, and how to speak to it. */
export interface Relay {
  /** Two relays with the same key share their connections. */
  key: string;
  host: string;
  port: number;
  tls: TlsMode;
  verifiesCertificate: boolean;
  /** Certificates in PEM that are trusted instead of the usual ones. */
  ca?: string;
  login?: Login;
  /**
   * The address to connect to, asked before each connection; `host` is then only the name that TLS and people see.
   * @throws when the host must not or can not be reached
   */
  addressOf?: () => Promise<string>;
  /** The name we give with EHLO. */
  name?: string;
  connections: number;
  messagesPerConnection: number;
  patience: Patience;
}

/**
 * Reads `smtp(s)://user:password@host:port?tls=required&verify=no&name=mail.example.com&messages=100`.
 *
 * `smtp:` upgrades by STARTTLS when the server offers it. With a password and a host that is not this machine the
 * upgrade is required, unless the address says `tls=off`: nobody's password goes out in clear text by accident.
 */
export function relayFromUrl(address: string, connections: number): Relay {
  const url = new URL(address);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const name = url.searchParams.get('name');
  return {
    key: createHash('sha256').update(`${connections} ${address}`).digest('hex'),
    host,
    port: url.port === '' ? defaultPort(url.protocol) : Number(url.port),
    tls: tlsMode(url, host),
    verifiesCertificate: url.searchParams.get('verify') !== 'no',
    ...loginOf(url),
    ...(name === null ? {} : { name }),
    connections,
    messagesPerConnection: atLeastOne(url.searchParams.get('messages'), 100),
    patience: DEFAULT_PATIENCE,
  };
}

function atLeastOne(text: string | null, fallback: number): number {
  const count = Number(text ?? fallback);
  return Number.isInteger(count) && count > 0 ? count : fallback;
}

function defaultPort(protocol: string): number {
  return protocol === 'smtps:' ? 465 : 587;
}

function loginOf(url: URL): Pick<Relay, 'login'> {
  if (url.username === '') return {};
  return { login: { user: decodeURIComponent(url.username), password: decodeURIComponent(url.password) } };
}

function tlsMode(url: URL, host: string): TlsMode {
  if (url.protocol === 'smtps:') return 'implicit';
  const asked = url.searchParams.get('tls');
  if (asked === 'required' || asked === 'offered' || asked === 'off') return asked;
  return url.username !== '' && !isThisMachine(host) ? 'required' : 'offered';
}

function isThisMachine(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}
