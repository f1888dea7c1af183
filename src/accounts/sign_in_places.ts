import { createHash, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { Clock } from '../platform/clock.js';
import { Config } from '../platform/config.js';
import { Database, type Unit } from '../platform/db/database.js';
import { networksOf } from '../platform/net/networks.js';
import { cookieOf } from '../platform/web/session/cookies.js';

const DAY_MS = 86_400_000;
/** How long a browser or network stays known after its last sign-in, in days, and how many an account has. */
const KNOWN_DAYS = 180;
const MOST_PLACES = 50;

/** Where a try to sign in comes from. */
export interface Origin {
  address: string;
  /** The secret that a browser keeps since somebody signed in with it. */
  browser?: string | undefined;
}

/** Whether an account was signed in from here before: with this browser, or from its network. */
export type Familiarity = 'browser' | 'network' | 'none';

/**
 * Browsers and networks that accounts were signed in from. A browser is known by a cookie that says nothing by itself;
 * what is kept are hashes, for names that nobody has as for those of people.
 */
@Injectable()
export class SignInPlaces {
  private readonly cookie: string;
  private readonly isSecure: boolean;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    { isSecure }: Config,
  ) {
    this.isSecure = isSecure;
    this.cookie = isSecure ? '__Host-browser' : 'browser';
  }

  originOf(request: Request): Origin {
    const browser = cookieOf(request, this.cookie);
    const isOurs = browser !== undefined && /^[\w-]{43}$/.test(browser);
    return { address: request.ip ?? '', browser: isOurs ? browser : undefined };
  }

  /** @param account the name as the database folds it */
  async familiarity(unit: Unit, account: string, origin: Origin): Promise<Familiarity> {
    const [browser, network] = placesOf(origin);
    const rows = await unit.sql<{ place: Buffer }>(
      'SELECT place FROM sign_in_places WHERE account = $1 AND place IN ($2, $3) AND seen_at > $4',
      [digest(account), browser, network, this.oldest()],
    );
    if (rows.some(({ place }) => place.equals(browser))) {
      return 'browser';
    }
    return rows.length > 0 ? 'network' : 'none';
  }

  /** After a sign-in: the browser gets its cookie, and both are known from now on. */
  async remember(login: string, request: Request): Promise<void> {
    const { address, browser = randomBytes(32).toString('base64url') } = this.originOf(request);
    await this.database.outsideBrands(async (unit) => {
      const account = digest(await folded(unit, login));
      for (const place of placesOf({ address, browser })) {
        await unit.run(
          `INSERT INTO sign_in_places (account, place, seen_at) VALUES ($1, $2, $3)
           ON CONFLICT (account, place) DO UPDATE SET seen_at = $3`,
          [account, place, this.clock.now()],
        );
      }
      await unit.run(
        `DELETE FROM sign_in_places WHERE account = $1 AND place IN
           (SELECT place FROM sign_in_places WHERE account = $1 ORDER BY seen_at DESC, place OFFSET $2)`,
        [account, MOST_PLACES],
      );
    });
    request.res?.cookie(this.cookie, browser, {
      httpOnly: true,
      sameSite: 'lax',
      secure: this.isSecure,
      path: '/',
      maxAge: KNOWN_DAYS * DAY_MS,
    });
  }

  async forgetOld(): Promise<void> {
    await this.database.outsideBrands((unit) =>
      unit.run('DELETE FROM sign_in_places WHERE seen_at < $1', [this.oldest()]),
    );
  }

  private oldest(): Date {
    return new Date(this.clock.ms() - KNOWN_DAYS * DAY_MS);
  }
}

/** What was typed, as the database compares it: two spellings of one name are one name. */
export async function folded(unit: Unit, login: string): Promise<string> {
  const { name } = await unit.one<{ name: string }>('SELECT lower($1::text) AS name', [login.trim()]);
  return name;
}

/** The browser and the network; no browser is the place of nobody. */
function placesOf({ address, browser = '' }: Origin): [Buffer, Buffer] {
  return [digest(`browser|${browser}`), digest(`network|${siteOf(address)}`)];
}

/** A house: the /64 of IPv6, and of IPv4 the /24 that its addresses change within. */
export function siteOf(address: string): string {
  return networksOf(address).near.replace(/^(\d+\.\d+\.\d+)\.\d+$/, '$1.0/24');
}

export function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
