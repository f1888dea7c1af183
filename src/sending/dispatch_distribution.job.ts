import { Injectable } from '@nestjs/common';
import { Database } from '../platform/db/database.js';
import { type Performs, PerformsJob } from '../platform/queue/jobs.js';
import { DispatchingService } from './dispatching.service.js';
import { dispatchDistribution, type DistributionKey } from '../ledger/distribution.jobs.js';

/** While a distribution sends: a slice, then the next one's turn. Safe to run twice: messages are claimed by lease. */
@PerformsJob(dispatchDistribution)
@Injectable()
export class DispatchDistributionJob implements Performs<DistributionKey> {
  constructor(
    private readonly dispatching: DispatchingService,
    private readonly database: Database,
  ) {}

  perform(key: DistributionKey): Promise<void> {
    return this.dispatching.dispatch(key);
  }

  due(): Promise<DistributionKey[]> {
    return this.database.outsideBrands((unit) =>
      unit.sql<DistributionKey>(
        'SELECT brand_id AS "brandId", distribution_id AS "distributionId" FROM find_sending_distributions()',
      ),
    );
  }
}
