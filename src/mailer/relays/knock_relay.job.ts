import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { Database } from '../../platform/db/database.js';
import { type PayloadOf, type Performs, PerformsJob } from '../../platform/queue/jobs.js';
import { BrandRelays } from './brand_relays.js';
import { knockRelay } from './relays.jobs.js';

type Payload = PayloadOf<typeof knockRelay>;

/** No more often than a refused sign-in may be tried again. */
const GAP_MS = 5 * 60_000;

/**
 * Every five minutes while a relay does not answer: mails go by another, and may not ask for hours whether it still is so.
 * Safe to run twice: one try more.
 */
@PerformsJob(knockRelay)
@Injectable()
export class KnockRelayJob implements Performs<Payload> {
  constructor(
    private readonly relays: BrandRelays,
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  perform({ brandId, relayId }: Payload): Promise<void> {
    return this.relays.knock(brandId, relayId);
  }

  due(): Promise<Payload[]> {
    return this.database.outsideBrands((unit) =>
      unit.sql<Payload>('SELECT brand_id AS "brandId", relay_id AS "relayId" FROM find_relays_to_knock($1)', [
        new Date(this.clock.ms() - GAP_MS),
      ]),
    );
  }
}
