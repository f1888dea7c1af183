import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Clock } from '../platform/clock.js';
import { Database, type Unit } from '../platform/db/database.js';
import { LimitReached } from '../platform/errors.js';

/** Failures before a wait: few for one account from one network, more for one address over all accounts. */
const ACCOUNT_TRIES = 5;
const ADDRESS_TRIES = 30;
const FORGET_MS = 15 * 60_000;

/** Counts unless the key has to wait; who reaches the limit has this one try and waits after it. */
const COUNT = `INSERT INTO sign_in_failures AS f (key, failures, last_at) VALUES ($1, 1, $2)
  ON CONFLICT (key) DO UPDATE SET
    failures = CASE WHEN f.last_at < $3 THEN 1 ELSE f.failures + 1 END, last_at = $2,
    blocked_until = CASE WHEN f.last_at >= $3 AND f.failures + 1 >= $4
      THEN $2 + least(15, power(2, least(f.failures + 1 - $4, 10))) * interval '1 minute' END
  WHERE f.blocked_until IS NULL OR f.blocked_until <= $2`;

/** Slows guessing down per account and per address, without a lock that strangers could put on an account. */
@Injectable()
export class SignInThrottle {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /**
   * Counts a try before it is made, so that a thousand at once are a thousand tries; `succeeded` takes it back. From
   * the limit on each doubles the wait: 1, 2, 4 … 15 minutes.
   * @throws {LimitReached} while this account or address has to wait
   */
  async admit(login: string, address: string): Promise<void> {
    const now = this.clock.now();
    await this.database.outsideBrands(async (unit) => {
      for (const { key, tries } of keysOf(login, address)) {
        const counted = await unit.run(COUNT, [key, now, new Date(now.getTime() - FORGET_MS), tries]);
        if (counted === 0) {
          await this.refuse(unit, key);
        }
      }
    });
  }

  async succeeded(login: string, address: string): Promise<void> {
    const [account, network] = keysOf(login, address);
    await this.database.outsideBrands(async (unit) => {
      await unit.run('DELETE FROM sign_in_failures WHERE key = $1', [account.key]);
      await unit.run(
        'UPDATE sign_in_failures SET failures = greatest(failures - 1, 0), blocked_until = NULL WHERE key = $1',
        [network.key],
      );
    });
  }

  private async refuse(unit: Unit, key: Buffer): Promise<never> {
    const [row] = await unit.sql<{ until: Date }>(
      'SELECT blocked_until AS until FROM sign_in_failures WHERE key = $1',
      [key],
    );
    const seconds = Math.max(1, Math.ceil(((row?.until.getTime() ?? 0) - this.clock.ms()) / 1000));
    throw new LimitReached(`Too many wrong tries. Wait ${waitText(seconds)} and try again.`, seconds);
  }
}

interface Counter {
  key: Buffer;
  tries: number;
}

/** One account tried from one network, and one network over all accounts: a house has a /24 or a /64. */
function keysOf(login: string, address: string): [Counter, Counter] {
  const isSix = address.includes(':') && !address.includes('.');
  const network = isSix ? address.split(':').slice(0, 4).join(':') : address.replace(/\.\d+$/, '');
  return [
    { key: digest(`account|${login.trim().toLowerCase()}|${network}`), tries: ACCOUNT_TRIES },
    { key: digest(`address|${isSix ? network : address}`), tries: ADDRESS_TRIES },
  ];
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function waitText(seconds: number): string {
  return seconds < 90 ? `${seconds} seconds` : `${Math.ceil(seconds / 60)} minutes`;
}
