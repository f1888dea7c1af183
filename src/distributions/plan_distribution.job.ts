import { Injectable } from '@nestjs/common';
import { Clock } from '../platform/clock.js';
import { Database } from '../platform/db/database.js';
import { type Performs, PerformsJob } from '../platform/queue/jobs.js';
import { type DistributionKey, planDistribution } from '../ledger/distribution.jobs.js';
import { PlanningService } from '../planning/planning.service.js';
import { Releases } from '../planning/releases.service.js';
import { HoldsService } from './holds.service.js';

/** When a distribution's time has come, or the time to look again at a held one. Safe to run twice: rows are locked. */
@PerformsJob(planDistribution)
@Injectable()
export class PlanDistributionJob implements Performs<DistributionKey> {
  constructor(
    private readonly planning: PlanningService,
    private readonly holds: HoldsService,
    private readonly releases: Releases,
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  async perform(key: DistributionKey): Promise<void> {
    await this.holds.lookAgain(key);
    await this.planning.plan(key);
    await this.releases.nextWave(key);
  }

  due(): Promise<DistributionKey[]> {
    return this.database.outsideBrands((unit) =>
      unit.sql<DistributionKey>(
        'SELECT brand_id AS "brandId", distribution_id AS "distributionId" FROM find_due_distributions($1)',
        [this.clock.now()],
      ),
    );
  }
}
