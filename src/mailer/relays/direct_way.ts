import { Invalid } from '../../platform/errors.js';
import type { Names } from '../../platform/net/names.js';
import type { Outside } from '../../platform/net/outside.js';
import { RelayDown } from '../connection.js';
import { Connections } from '../connections.js';
import type { OutgoingMail } from '../outgoing_mail.js';
import { domainPart } from '../mail_address.js';
import type { Patience, Relay, TlsMode } from '../relay.js';
import { providerOfDomain, providerOfServer, type Provider } from '../throttle/providers.js';
import { type Destination, type Lent, Unreachable, type Way } from '../way.js';
import { mxRoute, type MxRoute } from './mx_route.js';

export interface DirectTerms {
  names: Names;
  outside: Outside;
  now: () => number;
  /** What this machine calls itself. */
  hostname: string;
  port: number;
  patience: Patience;
}

const ROUTES_FOR_MS = 300_000;
const KEPT = 10_000;
/** Servers of one domain that are tried for one mail. */
const HOSTS = 4;
/** A server that once failed at TLS hears from us in clear text for so long. */
const CLEAR_FOR_MS = 3_600_000;
/** Until a provider has taken mails it gets so many connections: one that hangs does not take all. */
const FIRST_CONNECTIONS = 2;

/**
 * Straight to the mail servers of each recipient's domain. TLS is used where it is offered, with any certificate: the
 * servers of the world have no others, and clear text would be the alternative (RFC 3207, RFC 7435). Providers that are
 * known to demand it never get clear text.
 */
export class DirectWay implements Way {
  readonly name = 'delivery to the recipients’ servers';
  readonly key = 'direct';
  readonly isOpen = true;
  private readonly routes = new Map<string, { until: number; route: Promise<MxRoute> }>();
  private readonly pools = new Map<string, Connections>();
  private readonly clearUntil = new Map<string, number>();

  constructor(private readonly terms: DirectTerms) {}

  async destinationOf({ recipient }: OutgoingMail): Promise<Destination> {
    const domain = domainPart(recipient);
    const route = await this.routeOf(domain);
    const provider = route.status === 'hosts' ? providerOf(route.hosts, domain) : providerOfDomain(domain);
    const limits = { atOnce: provider.connections, startsWith: FIRST_CONNECTIONS };
    const isOwn = providerOfDomain(domain).name === provider.name;
    const all = { key: `${this.key} ${provider.name}`, limits, hears: isOwn ? 'both' : 'none' } as const;
    // What a customer's domain answers slows mails to that domain: its owner may have it say anything.
    const one = { key: `${this.key} ${domain}`, limits: { atOnce: provider.connections }, hears: 'both' } as const;
    return { provider, limits: isOwn ? [all] : [all, one] };
  }

  senderOf({ sender }: OutgoingMail): string {
    return sender;
  }

  async lend(mail: OutgoingMail): Promise<Lent> {
    const domain = domainPart(mail.recipient);
    const route = await this.routeOf(domain);
    if (route.status === 'refused') throw new Unreachable(route.text, 'refused', 556, route.enhanced);
    if (route.status === 'unsure') throw new Unreachable(route.text, 'deferred', 451, '4.4.3');
    let last: Unreachable | undefined;
    for (const host of route.hosts.slice(0, HOSTS)) {
      try {
        return await this.lendBy(host, providerOfServer(host, domain), mail);
      } catch (error) {
        last = worse(last, asUnreachable(error));
      }
    }
    throw last ?? new Unreachable(`${domain} names no mail server`, 'deferred', 451, '4.4.4');
  }

  close(): void {
    this.pools.forEach((pool) => pool.close());
  }

  abort(): void {
    this.pools.forEach((pool) => pool.abort());
  }

  private async lendBy(host: string, provider: Provider, mail: OutgoingMail): Promise<Lent> {
    const isClear = (this.clearUntil.get(host) ?? 0) > this.terms.now();
    try {
      return await this.from(host, provider, isClear, mail);
    } catch (error) {
      const isLast = isClear || provider.tlsRequired === true;
      if (isLast || !(error instanceof RelayDown) || error.step !== 'tls') throw error;
      this.clearUntil.set(host, this.terms.now() + CLEAR_FOR_MS);
      return this.from(host, provider, true, mail);
    }
  }

  private async from(host: string, provider: Provider, isClear: boolean, { isUrgent }: OutgoingMail): Promise<Lent> {
    const pool = this.pool(host, provider, isClear);
    const session = await pool.acquire(isUrgent);
    return { session, giveBack: () => pool.release(session) };
  }

  private pool(host: string, provider: Provider, isClear: boolean): Connections {
    const { connections, messagesPerConnection } = provider;
    const tls = tlsWith(provider, isClear);
    const key = `${host} ${tls}`;
    const known = this.pools.get(key);
    if (known !== undefined) return known;
    const { outside, hostname, port, patience } = this.terms;
    const relay: Relay = {
      key,
      host,
      port,
      tls,
      verifiesCertificate: false,
      addressOf: async () => (await outside.mustBeReachable(host)).address,
      name: hostname,
      connections,
      messagesPerConnection,
      patience,
    };
    this.forgetUnused();
    const pool = new Connections(relay);
    this.pools.set(key, pool);
    return pool;
  }

  private forgetUnused(): void {
    if (this.pools.size < KEPT) return;
    for (const [key, pool] of this.pools) if (pool.isUnused) this.pools.delete(key);
  }

  private routeOf(domain: string): Promise<MxRoute> {
    const known = this.routes.get(domain);
    if (known !== undefined && known.until > this.terms.now()) return known.route;
    if (this.routes.size >= KEPT) this.routes.clear();
    const route = mxRoute(this.terms.names, domain);
    this.routes.set(domain, { until: this.terms.now() + ROUTES_FOR_MS, route });
    // What nobody knows now is asked again with the next mail.
    void route.then(({ status }) => (status === 'unsure' ? this.routes.delete(domain) : undefined));
    return route;
  }
}

/** Where TLS is usual a server that does not offer it is not the one that it says it is. */
function tlsWith({ tlsRequired }: Provider, isClear: boolean): TlsMode {
  if (tlsRequired === true) return 'required';
  return isClear ? 'off' : 'offered';
}

/**
 * Who judges us for mails to the domain. Only where all servers are one provider's: its owner may name others beside
 * his own, and what his say must not be held against those.
 */
function providerOf(hosts: readonly string[], domain: string): Provider {
  const [first, ...others] = hosts.slice(0, HOSTS).map((host) => providerOfServer(host, domain));
  return first !== undefined && others.every(({ name }) => name === first.name) ? first : providerOfDomain(domain);
}

/** A server that may answer later counts more than one that never will. */
function worse(one: Unreachable | undefined, other: Unreachable): Unreachable {
  return one === undefined || (one.status === 'refused' && other.status === 'deferred') ? other : one;
}

function asUnreachable(error: unknown): Unreachable {
  if (!(error instanceof RelayDown)) throw error;
  const { message, reply, cause } = error;
  if (cause instanceof Invalid && cause.code === 'host_inside') {
    return new Unreachable(message, 'refused', 550, '5.4.4');
  }
  if (cause instanceof Invalid) return new Unreachable(message, 'deferred', 451, '4.4.3'); // there is no such host now
  return new Unreachable(message, 'deferred', reply?.code ?? 451, reply?.enhanced ?? '4.4.1', error.host);
}
