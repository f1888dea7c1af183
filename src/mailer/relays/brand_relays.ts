import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/db/database.js';
import { RelayDown } from '../connection.js';
import { BrandRelay } from './brand_relay.entity.js';
import { RelayOutages } from './relay_outages.js';
import { RelayWay, type SenderRule } from './relay_way.js';
import { ThisMachine, RelayWiring } from './relay_wiring.js';

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

/** The relays of brands as ways out: read from the database, their connections kept until a setting changes. */
@Injectable()
export class BrandRelays {
  private readonly known = new Map<string, Known>();
  /** Relays that some process found down: the one that reaches them again says so. */
  private readonly silent = new Set<string>();
  private readonly reading = new Map<string, Promise<OpenWay[]>>();

  constructor(
    private readonly database: Database,
    private readonly wiring: RelayWiring,
    private readonly machine: ThisMachine,
    private readonly outages: RelayOutages,
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

  /** Tries a relay that did not answer; what comes of it is kept. */
  async knock(brandId: string, relayId: string): Promise<void> {
    const found = (await this.all(brandId)).find((one) => one.relayId === relayId);
    try {
      await found?.way.knock();
    } catch (error) {
      if (!(error instanceof RelayDown)) throw error;
    }
    await this.outages.kept();
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

  private fresh(brandId: string): OpenWay[] | undefined {
    const known = this.known.get(brandId);
    return known !== undefined && Math.abs(this.machine.now() - known.readAt) < FRESH_MS ? known.ways : undefined;
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
    const readAt = this.machine.now();
    const relays = await this.database.apart(brandId, ({ em }) =>
      em.find(BrandRelay, { enabled: true }, { orderBy: { place: 'asc', id: 'asc' } }),
    );
    const before = this.known.get(brandId)?.ways ?? [];
    const ways = relays.map((relay) => before.find((way) => isSame(way, relay)) ?? this.opened(relay));
    before.filter((way) => !ways.includes(way)).forEach(({ way }) => way.close());
    relays.filter(({ downAt }) => downAt !== null).forEach(({ id }) => this.silent.add(id));
    this.known.set(brandId, { readAt, ways });
    return ways;
  }

  private opened(relay: BrandRelay): OpenWay {
    const key = `relay ${relay.id}`;
    const perMinute = relay.perMinute === 0 ? undefined : relay.perMinute;
    const terms = {
      name: relay.name,
      key,
      relay: this.wiring.wired(relay, this.wiring.secretOf(relay), key),
      perMinute,
    };
    const heard = (down: RelayDown | undefined): void => this.hear(relay, down);
    const way = new RelayWay({ ...terms, sender: senderOf(relay), heard }, this.machine.now);
    return { relayId: relay.id, version: relay.changedAt.getTime(), fromDomains: relay.fromDomains, way };
  }

  private hear(relay: BrandRelay, down: RelayDown | undefined): void {
    if (down !== undefined) {
      this.silent.add(relay.id);
      this.outages.begun(relay, down.message);
    } else if (this.silent.delete(relay.id)) {
      this.outages.ended(relay);
    }
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
