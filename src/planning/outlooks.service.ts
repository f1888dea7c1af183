import { Injectable } from '@nestjs/common';
import { Clock } from '../platform/clock.js';
import { Database, type Unit } from '../platform/db/database.js';
import { Jobs } from '../platform/queue/jobs.js';
import { Distribution } from '../ledger/distribution.entity.js';
import { countOutlook, type DistributionKey } from '../ledger/distribution.jobs.js';
import { keepOutlook, keptOutlook, sizeToLookAt, type Outlook } from './outlooks.sql.js';
import { PlanningService } from './planning.service.js';

/** Lists up to this size are counted while the page is made: 0.1 s. A million takes 4 s, which no page waits for. */
const COUNTED_AT_ONCE = 20_000;

/** What sending would do, exact: at once for short lists, counted in the background for long ones. */
@Injectable()
export class Outlooks {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly planning: PlanningService,
    private readonly jobs: Jobs,
  ) {}

  /** @returns undefined while it is being counted: ask again in a moment */
  async of(unit: Unit, distribution: Distribution): Promise<Outlook | undefined> {
    if ((await sizeToLookAt(unit, distribution, COUNTED_AT_ONCE + 1)) <= COUNTED_AT_ONCE) {
      return this.planning.outlookWithReaders(unit, distribution);
    }
    const kept = await keptOutlook(unit, distribution, this.clock.now());
    if (kept === undefined) {
      this.jobs.later(countOutlook, { brandId: distribution.brandId, distributionId: distribution.id });
    }
    return kept;
  }

  /** Counts a draft, unless that was done by now. */
  async count({ brandId, distributionId }: DistributionKey): Promise<void> {
    await this.database.inBrand(brandId, async (unit) => {
      const draft = await unit.em.findOne(Distribution, { id: distributionId, status: 'draft' });
      const now = this.clock.now();
      if (draft !== null && (await keptOutlook(unit, draft, now)) === undefined) {
        await keepOutlook(unit, draft, await this.planning.outlookWithReaders(unit, draft), now);
      }
    });
  }
}
