import { Injectable } from '@nestjs/common';
import { type Performs, PerformsJob } from '../platform/queue/jobs.js';
import { countOutlook, type DistributionKey } from '../ledger/distribution.jobs.js';
import { Outlooks } from './outlooks.service.js';

/** While somebody looks at the page before sending. Safe to run twice; a lost wake-up is made up for by the open page. */
@PerformsJob(countOutlook)
@Injectable()
export class CountOutlookJob implements Performs<DistributionKey> {
  constructor(private readonly outlooks: Outlooks) {}

  perform(key: DistributionKey): Promise<void> {
    return this.outlooks.count(key);
  }
}
