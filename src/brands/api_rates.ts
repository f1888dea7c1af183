import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { Clock } from '../platform/clock.js';
import { Config } from '../platform/config.js';
import { Database } from '../platform/db/database.js';
import { LimitReached } from '../platform/errors.js';
import type { Endpoint } from './api_endpoints.js';
import { MinuteCounts, type Unsent } from './minute_counts.js';

/** How often the processes tell each other what they counted, while there are calls. */
const TELL_MS = 1000;
const MINUTE_MS = 60_000;
const KEPT_MINUTES = 10;
const ALL = '';

const TELL = `INSERT INTO api_minutes (brand_id, minute, key, count)
  SELECT $1, * FROM unnest($2::bigint[], $3::text[], $4::int[])
  ON CONFLICT (brand_id, minute, key) DO UPDATE SET count = api_minutes.count + EXCLUDED.count`;

/** Which token calls, and for whom. */
export interface Caller {
  brandId: string;
  tokenId: string;
}

interface Brand {
  counts: MinuteCounts;
  limit: number;
  toldAt: number;
  telling: Promise<void>;
}

/**
 * How many calls a brand's programs make within sixty seconds, and one token to an endpoint that costs more. A call is
 * counted in memory, so that a refusal asks no database; once a second processes add what they counted to one row a key
 * and read what the others did. So one process is exact, and several let through at most what they take in that second.
 */
@Injectable()
export class ApiRates implements OnApplicationShutdown {
  private readonly log = new Logger('Limits');
  private readonly brands = new Map<string, Brand>();

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly config: Config,
  ) {}

  /** Counts a call that is let through; refused ones do not count. @throws {LimitReached} with the seconds to wait */
  admit(caller: Caller, endpoint: Endpoint | undefined): void {
    const brand = this.of(caller.brandId);
    const ms = this.clock.ms();
    const limits = limitsOf(caller, endpoint, brand.limit);
    const full = limits.find(({ key, limit }) => brand.counts.waitFor(key, limit, ms) > 0);
    if (full === undefined) {
      limits.forEach(({ key }) => brand.counts.add(key, 1, ms));
    }
    this.tellNow(caller.brandId, brand);
    if (full !== undefined) {
      const seconds = brand.counts.waitFor(full.key, full.limit, ms);
      throw new LimitReached(`${full.words} Send the call again in ${seconds} s.`, seconds);
    }
  }

  /** For a token that turned out to hold no longer. */
  giveBack(caller: Caller, endpoint: Endpoint | undefined): void {
    const { counts, limit } = this.of(caller.brandId);
    limitsOf(caller, endpoint, limit).forEach(({ key }) => counts.add(key, -1, this.clock.ms()));
  }

  /** What a brand's programs called within the last sixty seconds, over all processes, and how much they may. */
  async meter(brandId: string): Promise<{ used: number; limit: number }> {
    await this.tell(brandId);
    const { counts, limit } = this.of(brandId);
    return { used: Math.ceil(counts.recent(ALL, this.clock.ms())), limit };
  }

  /** Tells the other processes what this one counted, and learns what they did; one after the other, or counts get lost. */
  tell(brandId: string): Promise<void> {
    const brand = this.of(brandId);
    const told = brand.telling.then(() => this.swap(brandId, brand));
    brand.telling = told.catch((error: unknown) =>
      this.log.warn(`Calls could not be counted together: ${String(error)}`),
    );
    return told;
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([...this.brands.values()].map(({ telling }) => telling));
  }

  private of(brandId: string): Brand {
    const known = this.brands.get(brandId);
    if (known !== undefined) {
      return known;
    }
    const limit = this.config.API_REQUESTS_PER_MINUTE;
    const brand = { counts: new MinuteCounts(), limit, toldAt: -Infinity, telling: Promise.resolve() };
    this.brands.set(brandId, brand);
    return brand;
  }

  /** Nobody waits for it; what cannot be told is counted here all the same. */
  private tellNow(brandId: string, brand: Brand): void {
    const ms = this.clock.ms();
    if (Math.abs(ms - brand.toldAt) < TELL_MS) {
      return;
    }
    brand.toldAt = ms;
    this.tell(brandId).catch(() => undefined); // told in the log
  }

  private async swap(brandId: string, brand: Brand): Promise<void> {
    const unsent = brand.counts.takeUnsent().sort((left, right) => (left.key < right.key ? -1 : 1));
    try {
      const { rows, limit } = await this.exchange(brandId, unsent);
      brand.limit = Math.min(limit, this.config.API_REQUESTS_PER_MINUTE);
      brand.counts.learn(rows, this.clock.ms());
    } catch (error) {
      brand.counts.putBack(unsent);
      throw error;
    }
  }

  private async exchange(brandId: string, unsent: readonly Unsent[]): Promise<{ rows: Unsent[]; limit: number }> {
    const minute = Math.floor(this.clock.ms() / MINUTE_MS);
    return this.database.apart(brandId, async (unit) => {
      if (unsent.length > 0) {
        const columns = [unsent.map((one) => one.minute), unsent.map((one) => one.key), unsent.map((one) => one.count)];
        await unit.run(TELL, [brandId, ...columns]);
        await unit.run('DELETE FROM api_minutes WHERE minute < $1', [minute - KEPT_MINUTES]);
      }
      const rows = await unit.sql<Unsent & { minute: string }>(
        'SELECT minute, key, count FROM api_minutes WHERE minute BETWEEN $1 AND $2',
        [minute - 1, minute],
      );
      const { limit } = await unit.one<{ limit: number }>(
        'SELECT api_requests_per_minute AS limit FROM brands WHERE id = $1',
        [brandId],
      );
      return { rows: rows.map((row) => ({ ...row, minute: Number(row.minute) })), limit };
    });
  }
}

function limitsOf(
  { tokenId }: Caller,
  endpoint: Endpoint | undefined,
  brandLimit: number,
): { key: string; limit: number; words: string }[] {
  const perMinute = brandLimit.toLocaleString('en');
  const brand = { key: ALL, limit: brandLimit, words: `This brand may make ${perMinute} calls a minute.` };
  return endpoint === undefined
    ? [brand]
    : [
        brand,
        {
          key: `${tokenId} ${endpoint.name}`,
          limit: Math.min(brandLimit, endpoint.perMinute),
          words: `One token may make ${endpoint.perMinute.toLocaleString('en')} such calls a minute (${endpoint.name}).`,
        },
      ];
}
