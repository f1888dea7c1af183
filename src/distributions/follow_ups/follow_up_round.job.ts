import { tellOf } from '../../ledger/live/distribution.topics.js';
import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { Database } from '../../platform/db/database.js';
import { type Performs, PerformsJob } from '../../platform/queue/jobs.js';
import { type DistributionKey, followUpRound } from '../../ledger/distribution.jobs.js';
import { Latecomers } from './latecomers.js';
import { Rounds } from './rounds.js';

/** When somebody's days after their mail are over, or it is to be looked again whether they are or who has joined. */
@PerformsJob(followUpRound)
@Injectable()
export class FollowUpRoundJob implements Performs<DistributionKey> {
  constructor(
    private readonly rounds: Rounds,
    private readonly latecomers: Latecomers,
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  async perform(key: DistributionKey): Promise<void> {
    await this.rounds.take(key);
    await this.latecomers.take(key);
    await this.database.inBrand(key.brandId, async (unit) => {
      const { surveyId } = await unit.one<{ surveyId: string }>(
        'SELECT survey_id AS "surveyId" FROM distributions WHERE id = $1',
        [key.distributionId],
      );
      tellOf(unit, { id: key.distributionId, surveyId });
    });
  }

  due(): Promise<DistributionKey[]> {
    return this.database.outsideBrands((unit) =>
      unit.sql<DistributionKey>(
        'SELECT brand_id AS "brandId", distribution_id AS "distributionId" FROM find_follow_up_rounds($1)',
        [this.clock.now()],
      ),
    );
  }
}
