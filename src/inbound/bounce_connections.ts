import { BlockList, isIP } from 'node:net';
import type { Clock } from '../platform/clock.js';
import { NetworkAllowance } from '../platform/net/network_allowance.js';
import { networksOf } from '../platform/net/networks.js';
import type { BounceLimits } from './bounce_limits.js';

/** Some bytes make a piece; the bytes of an address are counted by these. */
export const PIECE = 65_536;
const KNOWN_MS = 24 * 60 * 60_000;
const MOST_KNOWN = 5000;

/** Who stands at the door, by network: nobody takes all the places, and whoever brought a mail lately finds one. */
export class BounceConnections {
  private readonly here = new Map<string, number>();
  private readonly known = new Map<string, number>();
  private readonly relays: BlockList;
  private readonly connections: NetworkAllowance;
  private readonly mails: NetworkAllowance;
  private readonly pieces: NetworkAllowance;
  private all = 0;

  constructor(
    private readonly clock: Clock,
    private readonly limits: BounceLimits,
  ) {
    this.relays = blockList(limits.relays);
    this.connections = new NetworkAllowance(clock, aMinute(limits.connectionsPerMinute));
    this.mails = new NetworkAllowance(clock, aMinute(limits.mailsPerMinute));
    this.pieces = new NetworkAllowance(clock, aMinute(Math.ceil(limits.bytesPerMinute / PIECE)));
  }

  /** @returns why it can't come in, as words of a reply; undefined: it stands in the room now and has to `leave` */
  enter(address: string): string | undefined {
    const refusal = this.whyNot(address);
    if (refusal === undefined) {
      this.count(address, 1);
    }
    return refusal;
  }

  leave(address: string): void {
    this.count(address, -1);
  }

  /** It brought a mail that was taken. */
  brought(address: string): void {
    const { near } = networksOf(address);
    this.known.delete(near);
    this.known.set(near, this.clock.ms());
    if (this.known.size > MOST_KNOWN) {
      this.known.delete(this.known.keys().next().value!);
    }
  }

  /** @returns in how many seconds it may bring another mail, 0: now */
  waitForMail(address: string): number {
    return this.isRelay(address) ? 0 : this.mails.take(address);
  }

  /** @returns in how many seconds it may bring more bytes, 0: now */
  waitForPiece(address: string): number {
    return this.isRelay(address) ? 0 : this.pieces.take(address);
  }

  private whyNot(address: string): string | undefined {
    const { connections, reserved, perAddress, perNetwork } = this.limits;
    if (this.all >= connections) {
      return '4.3.2 Too many connections at the moment';
    }
    if (this.isRelay(address)) {
      return undefined;
    }
    const [near, wide] = keysOf(address);
    if (this.all >= connections - reserved && !this.isKnown(near)) {
      return '4.3.2 Too many connections at the moment';
    }
    if ((this.here.get(near) ?? 0) >= perAddress || (this.here.get(wide) ?? 0) >= perNetwork) {
      return '4.7.0 Too many connections from your network';
    }
    const wait = this.connections.take(address);
    return wait === 0 ? undefined : `4.7.0 Too many new connections from your network, come again in ${wait} seconds`;
  }

  private isKnown(near: string): boolean {
    const at = this.known.get(near);
    return at !== undefined && this.clock.ms() - at < KNOWN_MS;
  }

  private isRelay(address: string): boolean {
    const { near } = networksOf(address);
    const plain = isIP(near) === 4 ? near : address;
    return isIP(plain) > 0 && this.relays.check(plain, isIP(plain) === 4 ? 'ipv4' : 'ipv6');
  }

  private count(address: string, one: 1 | -1): void {
    this.all += one;
    for (const key of keysOf(address)) {
      const n = (this.here.get(key) ?? 0) + one;
      if (n > 0) {
        this.here.set(key, n);
      } else {
        this.here.delete(key);
      }
    }
  }
}

/** The address itself (IPv6: its /64), and the /24 or /48 around it. */
function keysOf(address: string): [near: string, wide: string] {
  const { near, wide } = networksOf(address);
  return [near, wide ?? near.replace(/\d+$/, '0/24')];
}

function aMinute(n: number): { burst: number; perSecond: number } {
  return { burst: n, perSecond: n / 60 };
}

function blockList(entries: readonly string[]): BlockList {
  const found = new BlockList();
  for (const entry of entries) {
    const [address = '', bits] = entry.split('/');
    const family = isIP(address) === 4 ? 'ipv4' : 'ipv6';
    if (bits === undefined) {
      found.addAddress(address, family);
    } else {
      found.addSubnet(address, Number(bits), family);
    }
  }
  return found;
}
