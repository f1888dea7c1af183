import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { Config } from '../../platform/config.js';
import { Database } from '../../platform/db/database.js';
import { Keys } from '../../platform/keys.js';
import { Outside } from '../../platform/net/outside.js';
import { DEFAULT_PATIENCE, type Login, type Relay } from '../relay.js';
import { AccessTokens } from './access_tokens.js';
import { BrandRelay, type RelaySettings, secretPlace } from './brand_relay.entity.js';
import { RelayWay, type SenderRule } from './relay_way.js';

/** How old may be what this process knows of a brand's relays that another process changed. */
const FRESH_MS = 5000;

interface OpenWay {
  relayId: string;
  /** Changes with every setting. */
  version: number;
  fromDomains: readonly string[];
  way: RelayWay;
}

interface Known {
  readAt: number;
  ways: OpenWay[];
}

/** What all relays share with the machine they are on. */
@Injectable()
export class RelaySurroundings {
  readonly hostname: string;
  readonly now: () => number;

  constructor(config: Config, clock: Clock) {
    this.hostname = config.MAIL_HOSTNAME ?? new URL(config.baseUrl).hostname;
    this.now = () => clock.ms();
  }
}

/** The relays of brands as ways out: read from the database, their connections kept until a setting changes. */
@Injectable()
export class BrandRelays {
  private readonly known = new Map<string, Known>();
  private readonly reading = new Map<string, Promise<OpenWay[]>>();

  constructor(
    private readonly database: Database,
    private readonly keys: Keys,
    private readonly outside: Outside,
    private readonly tokens: AccessTokens,
    private readonly surroundings: RelaySurroundings,
  ) {}

  /** The enabled relays of a brand that take mails from `fromDomain`, in their order. */
  waysFor(brandId: string, fromDomain: string): readonly RelayWay[] | Promise<readonly RelayWay[]> {
    const fresh = this.fresh(brandId);
    return fresh === undefined
      ? this.read(brandId).then((ways) => allowing(ways, fromDomain))
      : allowing(fresh, fromDomain);
  }

  /** Every enabled relay of a brand with its id. */
  async all(brandId: string): Promise<readonly OpenWay[]> {
    return this.fresh(brandId) ?? this.read(brandId);
  }

  /** A setting changed: the next mail looks again. */
  forget(brandId: string): void {
    this.database.afterCommit(() => {
      const known = this.known.get(brandId);
      if (known !== undefined) known.readAt = -Infinity;
    });
  }

  close(): void {
    this.open().forEach(({ way }) => way.close());
  }

  abort(): void {
    this.open().forEach(({ way }) => way.abort());
  }

  /**
   * The relay as connections need it.
   * @param secret in clear
   */
  wired(settings: RelaySettings, secret: string, key: string): Relay {
    const { host, port, tls, ca, connections, messagesPerConnection } = settings;
    return {
      key,
      host,
      port,
      tls,
      verifiesCertificate: true,
      ...(ca === '' ? {} : { ca }),
      ...this.loginOf(settings, secret),
      addressOf: async () => (await this.outside.mustBeReachable(host)).address,
      name: this.surroundings.hostname,
      connections,
      messagesPerConnection,
      patience: DEFAULT_PATIENCE,
    };
  }

  secretOf({ brandId, sealed }: BrandRelay): string {
    return sealed === null ? '' : this.keys.unseal(sealed, secretPlace(brandId)).toString();
  }

  private loginOf(
    { auth, username: user, tokenUrl, clientId, tokenScope }: RelaySettings,
    secret: string,
  ): { login?: Login } {
    if (auth === 'none') return {};
    if (auth !== 'XOAUTH2') return { login: { method: auth, user, password: secret } };
    const client = { tokenUrl, clientId, secret, scope: tokenScope };
    return { login: { method: auth, user, token: (isRenewal) => this.tokens.of(client, isRenewal) } };
  }

  private fresh(brandId: string): OpenWay[] | undefined {
    const known = this.known.get(brandId);
    return known !== undefined && Math.abs(this.surroundings.now() - known.readAt) < FRESH_MS ? known.ways : undefined;
  }

  /** While the database is away the ways of before go on: what is on its way out must not break. */
  private async read(brandId: string): Promise<OpenWay[]> {
    const underWay = this.reading.get(brandId) ?? this.renew(brandId).finally(() => this.reading.delete(brandId));
    this.reading.set(brandId, underWay);
    try {
      return await underWay;
    } catch (error) {
      const known = this.known.get(brandId);
      if (known === undefined) throw error;
      return known.ways;
    }
  }

  private async renew(brandId: string): Promise<OpenWay[]> {
    const readAt = this.surroundings.now();
    const relays = await this.database.apart(brandId, ({ em }) =>
      em.find(BrandRelay, { enabled: true }, { orderBy: { place: 'asc', id: 'asc' } }),
    );
    const before = this.known.get(brandId)?.ways ?? [];
    const ways = relays.map((relay) => before.find((way) => isSame(way, relay)) ?? this.opened(relay));
    before.filter((way) => !ways.includes(way)).forEach(({ way }) => way.close());
    this.known.set(brandId, { readAt, ways });
    return ways;
  }

  private opened(relay: BrandRelay): OpenWay {
    const key = `relay ${relay.id}`;
    const perMinute = relay.perMinute === 0 ? undefined : relay.perMinute;
    const terms = { name: relay.name, key, relay: this.wired(relay, this.secretOf(relay), key), perMinute };
    const way = new RelayWay({ ...terms, sender: senderOf(relay) }, this.surroundings.now);
    return { relayId: relay.id, version: relay.changedAt.getTime(), fromDomains: relay.fromDomains, way };
  }

  private open(): OpenWay[] {
    return [...this.known.values()].flatMap(({ ways }) => ways);
  }
}

function allowing(ways: readonly OpenWay[], domain: string): readonly RelayWay[] {
  return ways
    .filter(({ fromDomains }) => fromDomains.length === 0 || fromDomains.includes(domain))
    .map(({ way }) => way);
}

function isSame({ relayId, version }: OpenWay, { id, changedAt }: BrandRelay): boolean {
  return relayId === id && version === changedAt.getTime();
}

function senderOf({ senderRule, senderAddress }: BrandRelay): SenderRule {
  return senderRule === 'fixed' ? { kind: 'fixed', address: senderAddress } : { kind: senderRule };
}
