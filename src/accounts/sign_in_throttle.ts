import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Clock } from '../platform/clock.js';
import { Database } from '../platform/db/database.js';
import { LimitReached } from '../platform/errors.js';

/** Failures before a wait: few for one account from one network, more for one address over all accounts. */
const ACCOUNT_TRIES = 5;
const ADDRESS_TRIES = 30;
const FORGET_MS = 15 * 60_000;

/** Slows guessing down per account and per address, without a lock that strangers could put on an account. */
@Injectable()
export class SignInThrottle {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** @throws {LimitReached} while this account or address has to wait */
  async admit(login: string, address: string): Promise<void> {
    const rows = await this.database.outsideBrands((unit) =>
      unit.sql<{ blocked_until: Date }>(
        'SELECT blocked_until FROM sign_in_failures WHERE key = ANY($1) AND blocked_until > $2',
        [keysOf(login, address).map(({ key }) => key), this.clock.now()],
      ),
    );
    if (rows.length > 0) {
      const until = Math.max(...rows.map((row) => row.blocked_until.getTime()));
      const seconds = Math.ceil((until - this.clock.ms()) / 1000);
      throw new LimitReached(`Too many wrong tries. Wait ${waitText(seconds)} and try again.`, seconds);
    }
  }

  /** Counts a wrong try; from the limit on each doubles the wait: 1, 2, 4 … 15 minutes. */
  async failed(login: string, address: string): Promise<void> {
    const now = this.clock.now();
    await this.database.outsideBrands(async (unit) => {
      for (const { key, tries } of keysOf(login, address)) {
        await unit.sql(
          `INSERT INTO sign_in_failures (key, failures, last_at) VALUES ($1, 1, $2)
           ON CONFLICT (key) DO UPDATE SET
             failures = CASE WHEN sign_in_failures.last_at < $3 THEN 1 ELSE sign_in_failures.failures + 1 END, last_at = $2,
             blocked_until = CASE WHEN sign_in_failures.last_at >= $3 AND sign_in_failures.failures + 1 >= $4
               THEN $2 + least(15, power(2, least(sign_in_failures.failures + 1 - $4, 10))) * interval '1 minute' END`,
          [key, now, new Date(now.getTime() - FORGET_MS), tries],
        );
      }
    });
  }

  async succeeded(login: string, address: string): Promise<void> {
    const [account] = keysOf(login, address);
    await this.database.outsideBrands((unit) =>
      unit.sql('DELETE FROM sign_in_failures WHERE key = $1', [account?.key]),
    );
  }
}

function keysOf(login: string, address: string): { key: Buffer; tries: number }[] {
  const network = address
    .replace(/\.\d+$/, '')
    .split(':')
    .slice(0, 4)
    .join(':');
  return [
    { key: digest(`account|${login.toLowerCase()}|${network}`), tries: ACCOUNT_TRIES },
    { key: digest(`address|${address}`), tries: ADDRESS_TRIES },
  ];
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function waitText(seconds: number): string {
  return seconds < 90 ? `${seconds} seconds` : `${Math.ceil(seconds / 60)} minutes`;
}
