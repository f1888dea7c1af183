import { Injectable } from '@nestjs/common';
import { Clock } from '../platform/clock.js';
import { Database, type Unit } from '../platform/db/database.js';
import { LimitReached } from '../platform/errors.js';
import { networksOf } from '../platform/net/networks.js';
import { digest, folded, type Origin, SignInPlaces, siteOf } from './sign_in_places.js';

const QUARTER_MS = 15 * 60_000;
const DAY_MS = 24 * 3_600_000;

/** How many tries there are before a wait, and after how long a silence they are forgotten. */
const OWN = { tries: 5, forgetMs: QUARTER_MS };
/** For one name over all networks that it was never signed in from: 10 tries, then about 100 a day. */
const STRANGERS = { tries: 10, forgetMs: DAY_MS };
/** For one address over all names. */
const ADDRESS = { tries: 30, forgetMs: QUARTER_MS };

/** Counts unless the key has to wait; who reaches the limit has this one try and waits after it. */
const COUNT = `INSERT INTO sign_in_failures AS f (key, failures, last_at) VALUES ($1, 1, $2)
  ON CONFLICT (key) DO UPDATE SET
    failures = CASE WHEN f.last_at < $3 THEN 1 ELSE f.failures + 1 END, last_at = $2,
    blocked_until = CASE WHEN f.last_at >= $3 AND f.failures + 1 >= $4
      THEN $2 + least(15, power(2, least(f.failures + 1 - $4, 10))) * interval '1 minute' END
  WHERE f.blocked_until IS NULL OR f.blocked_until <= $2`;

interface Counter {
  key: Buffer;
  tries: number;
  forgetMs: number;
}

/** A try that was let through, and what it was counted by. */
export interface Admission {
  /** Forgotten when the try succeeds; the others lose this one try. */
  own: Counter;
  shared: Counter[];
}

/**
 * Slows guessing down, without a lock that strangers could put on an account. A browser that the account was signed in
 * with before has tries of its own; a network that it was signed in from shares them with nobody outside; all the rest
 * of the world has one count for each name, known or not. Counts are rows, so processes share them and tries at the
 * same moment take turns.
 */
@Injectable()
export class SignInThrottle {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly places: SignInPlaces,
  ) {}

  /**
   * Counts a try before it is made, so that a thousand at once are a thousand tries; `succeeded` takes it back. From
   * the limit on each doubles the wait: 1, 2, 4 … 15 minutes.
   * @throws {LimitReached} while this name or address has to wait
   */
  async admit(login: string, origin: Origin): Promise<Admission> {
    return this.database.outsideBrands(async (unit) => {
      const account = await folded(unit, login);
      const admission = await this.countersOf(unit, account, origin);
      for (const counter of [admission.own, ...admission.shared]) {
        await this.count(unit, counter);
      }
      return admission;
    });
  }

  /** Who is signed in and types the old password has tries of their own, whatever strangers do. @throws {LimitReached} */
  async admitOwner(userId: string): Promise<Admission> {
    const admission = { own: { key: digest(`current|${userId}`), ...OWN }, shared: [] };
    await this.database.outsideBrands((unit) => this.count(unit, admission.own));
    return admission;
  }

  async succeeded({ own, shared }: Admission): Promise<void> {
    await this.database.outsideBrands(async (unit) => {
      await unit.run('DELETE FROM sign_in_failures WHERE key = $1', [own.key]);
      for (const { key } of shared) {
        await unit.run(
          'UPDATE sign_in_failures SET failures = greatest(failures - 1, 0), blocked_until = NULL WHERE key = $1',
          [key],
        );
      }
    });
  }

  /** The write that a refusal of a known person makes in the audit log, for a name that nobody has: it takes as long. */
  async writeAsLong({ own }: Admission): Promise<void> {
    await this.database.outsideBrands((unit) =>
      unit.run('UPDATE sign_in_failures SET last_at = last_at WHERE key = $1', [own.key]),
    );
  }

  private async countersOf(unit: Unit, account: string, origin: Origin): Promise<Admission> {
    const familiarity = await this.places.familiarity(unit, account, origin);
    if (familiarity === 'browser') {
      return { own: { key: digest(`browser|${account}|${origin.browser}`), ...OWN }, shared: [] };
    }
    const address = { key: digest(`address|${networksOf(origin.address).near}`), ...ADDRESS };
    const strangers = { key: digest(`strangers|${account}`), ...STRANGERS };
    return {
      own: { key: digest(`account|${account}|${siteOf(origin.address)}`), ...OWN },
      shared: familiarity === 'network' ? [address] : [strangers, address],
    };
  }

  private async count(unit: Unit, counter: Counter): Promise<void> {
    if ((await this.counted(unit, counter)) === 0) {
      await this.refuse(unit, counter.key);
    }
  }

  private async counted(unit: Unit, { key, tries, forgetMs }: Counter): Promise<number> {
    const now = this.clock.now();
    return unit.run(COUNT, [key, now, new Date(now.getTime() - forgetMs), tries]);
  }

  private async refuse(unit: Unit, key: Buffer): Promise<never> {
    const [row] = await unit.sql<{ until: Date }>(
      'SELECT blocked_until AS until FROM sign_in_failures WHERE key = $1',
      [key],
    );
    const seconds = Math.max(1, Math.ceil(((row?.until.getTime() ?? 0) - this.clock.ms()) / 1000));
    throw new LimitReached(
      `Too many wrong tries. Wait ${waitText(seconds)} and try again, use a browser that you signed in with before, or have a sign-in link sent to you.`,
      seconds,
    );
  }
}

function waitText(seconds: number): string {
  return seconds < 90 ? `${seconds} seconds` : `${Math.ceil(seconds / 60)} minutes`;
}
