import { Injectable } from '@nestjs/common';
import { Database } from '../platform/db/database.js';
import { type Performs, PerformsJob } from '../platform/queue/jobs.js';
import { foldDeliveriesOf } from './returns.jobs.js';
import { foldDeliveries } from './deliverability.sql.js';

const BATCH = 20_000;

/** When differences wait to be summed up. Safe to run twice: they go in the transaction that adds them. */
@PerformsJob(foldDeliveriesOf)
@Injectable()
export class FoldDeliveriesJob implements Performs<{ brandId: string }> {
  constructor(private readonly database: Database) {}

  async perform({ brandId }: { brandId: string }): Promise<void> {
    while ((await this.database.inBrand(brandId, (unit) => foldDeliveries(unit, brandId, BATCH))) === BATCH) {
      // The next batch is a transaction of its own.
    }
  }

  due(): Promise<{ brandId: string }[]> {
    return this.database.outsideBrands((unit) =>
      unit.sql('SELECT brand_id AS "brandId" FROM find_brands_with_deliverability()'),
    );
  }
}
