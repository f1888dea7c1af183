import type { Config } from '../platform/config.js';

/** What the door for mails that come back bears. Times in milliseconds, sizes in bytes. */
export interface BounceLimits {
  /** Connections at once, and how many of them are kept for networks that brought a mail in the last day. */
  connections: number;
  reserved: number;
  /** Of one IPv4 address or IPv6 /64, and of the /24 or /48 around it. */
  perAddress: number;
  perNetwork: number;
  /** New connections, mails, and bytes from one address. */
  connectionsPerMinute: number;
  mailsPerMinute: number;
  bytesPerMinute: number;
  /** From the first byte to the last, whatever happens in between. */
  sessionMs: number;
  /** Until the first mail begins, and without a whole command. */
  firstMailMs: number;
  commandMs: number;
  /** A mail in which less than so much comes a second, after a while, never ends. */
  pace: number;
  paceAfterMs: number;
  /** Commands since the last mail that was taken: NOOP, RSET, HELO, wrong ones, mails that begin and do not end. */
  fruitless: number;
  /** Recipients that we do not know, in one connection. */
  strangers: number;
  mails: number;
  /** A mail may have so much; one of four times as much is not heard out. */
  size: number;
  commandLength: number;
  /** How often the times are looked at. */
  lookMs: number;
  /** Our own mail servers, as addresses and networks: only the number of all connections binds them. */
  relays: readonly string[];
}

/** RFC 5321 §4.5.3.2 gives clients minutes; a report holds a mail of ours, a reply perhaps a picture. */
const USUAL: BounceLimits = {
  connections: 100,
  reserved: 25,
  perAddress: 10,
  perNetwork: 25,
  connectionsPerMinute: 120,
  mailsPerMinute: 600,
  bytesPerMinute: 64 * 1024 * 1024,
  sessionMs: 10 * 60_000,
  firstMailMs: 120_000,
  commandMs: 60_000,
  pace: 1000,
  paceAfterMs: 30_000,
  fruitless: 25,
  strangers: 10,
  mails: 100,
  size: 10 * 1024 * 1024,
  commandLength: 2048,
  lookMs: 1000,
  relays: [],
};

export function bounceLimits(
  config?: Pick<Config, 'BOUNCE_CONNECTIONS' | 'BOUNCE_CONNECTIONS_PER_ADDRESS' | 'BOUNCE_RELAYS'>,
): BounceLimits {
  if (config === undefined) {
    return USUAL;
  }
  const { BOUNCE_CONNECTIONS: connections, BOUNCE_CONNECTIONS_PER_ADDRESS: perAddress } = config;
  return {
    ...USUAL,
    connections,
    perAddress,
    reserved: Math.floor(connections / 4),
    perNetwork: Math.max(perAddress, Math.floor(connections / 4)),
    relays: config.BOUNCE_RELAYS,
  };
}
