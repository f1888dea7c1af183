import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { Database } from '../../platform/db/database.js';
import type { Pause } from './pauses.js';
import { Throttle } from './throttle.js';

/** How old may be what this process knows of pauses that others found out. */
const FRESH_MS = 2000;
/** Domains that a pause names; more are learnt again when their turn comes. */
const DOMAINS = 500;

/** Whose pause it is where it is everybody's: no brand has this number. */
const EVERYBODY = '0';

interface PauseRow extends Omit<Pause, 'until' | 'brandId'> {
  until: Date;
  forBrand: string;
}

/**
 * Pauses of providers, shared by all processes and kept over restarts. A provider that told one process "too fast" must
 * not be tried by the next.
 */
@Injectable()
export class ProviderPauses {
  readonly throttle: Throttle;
  private readonly log = new Logger(ProviderPauses.name);
  private readAt = -Infinity;
  private reading: Promise<void> | undefined;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {
    this.throttle = new Throttle(() => clock.ms(), {
      begun: (pause) => void this.keep(pause),
      lifted: (pause) => void this.lift(pause),
    });
  }

  /** What a brand leaves alone now on one way, also what other processes found out some seconds ago. */
  async on(way: string, brandId: string): Promise<Pause[]> {
    await this.refresh();
    return this.throttle.pauses.on(way, brandId);
  }

  private async refresh(): Promise<void> {
    if (Math.abs(this.clock.ms() - this.readAt) < FRESH_MS) return;
    this.reading ??= this.read().finally(() => (this.reading = undefined));
    await this.reading;
  }

  private async read(): Promise<void> {
    const rows = await this.database.outsideBrands((unit) =>
      unit.sql<PauseRow>(
        'SELECT way, for_brand AS "forBrand", provider, until, why, domains FROM provider_pauses WHERE until > $1',
        [this.clock.now()],
      ),
    );
    this.readAt = this.clock.ms();
    this.throttle.pauses.learn(
      rows.map(({ forBrand, until, ...row }) => ({
        ...row,
        brandId: forBrand === EVERYBODY ? null : forBrand,
        until: until.getTime(),
      })),
    );
  }

  /** A pause that can't be kept still holds in this process. */
  private async keep({ way, brandId, provider, until, why, domains }: Pause): Promise<void> {
    const now = this.clock.now();
    try {
      await this.database.outsideBrands(async (unit) => {
        await unit.run(
          `INSERT INTO provider_pauses AS p (way, for_brand, provider, since, until, why, domains)
           VALUES ($1, $7, $2, $3, $4, $5, $6)
           ON CONFLICT (way, provider, for_brand) DO UPDATE SET until = greatest(p.until, EXCLUDED.until), why = EXCLUDED.why,
             since = CASE WHEN p.until > EXCLUDED.since THEN p.since ELSE EXCLUDED.since END,
             domains = EXCLUDED.domains`,
          [
            way,
            provider,
            now,
            new Date(until),
            why.replaceAll('\0', '').slice(0, 500).toWellFormed(),
            domains.slice(0, DOMAINS),
            brandId ?? EVERYBODY,
          ],
        );
        await unit.run('DELETE FROM provider_pauses WHERE until < $1', [new Date(now.getTime() - 7 * 86_400_000)]);
      });
    } catch (error) {
      this.log.warn(`${provider} is paused, but that could not be kept: ${String(error)}`);
    }
  }

  /** Other processes learn it with their next look; until then they are only more patient than need be. */
  private async lift({ way, brandId, provider }: Pause): Promise<void> {
    try {
      await this.database.outsideBrands((unit) =>
        unit.run('DELETE FROM provider_pauses WHERE way = $1 AND provider = $2 AND for_brand = $3', [
          way,
          provider,
          brandId ?? EVERYBODY,
        ]),
      );
    } catch (error) {
      this.log.warn(`${provider} takes mails again, but that could not be kept: ${String(error)}`);
    }
  }
}
