import { Injectable } from '@nestjs/common';
import { LockMode } from '@mikro-orm/core';
import { Clock } from '../../platform/clock.js';
import { Database, type Unit } from '../../platform/db/database.js';
import { Jobs, type Performs, PerformsJob } from '../../platform/queue/jobs.js';
import { Live } from '../../platform/web/live.js';
import { Distribution } from '../distribution.entity.js';
import { type DistributionKey, planDistribution, timeFollowUp } from '../distributions.jobs.js';
import { SendingChecks } from '../planning/sending_checks.js';
import { referenceOf } from './follow_ups.sql.js';

const HOUR_MS = 3_600_000;

/**
 * When what a reminder or a thank-you is counted from has ended: its time is known now. Safe to run twice: the row is
 * locked, and a time that is set stays.
 */
@PerformsJob(timeFollowUp)
@Injectable()
export class TimeFollowUpsJob implements Performs<DistributionKey> {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly checks: SendingChecks,
    private readonly jobs: Jobs,
    private readonly live: Live,
  ) {}

  async perform({ brandId, distributionId }: DistributionKey): Promise<void> {
    await this.database.inBrand(brandId, async (unit) => {
      const waiting = await unit.em.findOne(
        Distribution,
        { id: distributionId, status: 'scheduled', sendAt: null, deletedAt: null, afterHours: { $ne: null } },
        { lockMode: LockMode.PESSIMISTIC_WRITE },
      );
      if (waiting !== null) {
        await this.time(unit, waiting);
      }
    });
  }

  due(): Promise<DistributionKey[]> {
    return this.database.outsideBrands((unit) =>
      unit.sql<DistributionKey>(
        'SELECT brand_id AS "brandId", distribution_id AS "distributionId" FROM find_follow_ups_to_time()',
      ),
    );
  }

  private async time(unit: Unit, waiting: Distribution): Promise<void> {
    const { status, sentAt, finishedAt, deletedAt } = await referenceOf(unit, waiting);
    const now = this.clock.now();
    if (deletedAt !== null || (sentAt === null && (status === 'cancelled' || status === 'failed'))) {
      const code = deletedAt === null ? 'EQD16' : 'EQD14';
      waiting.fail(code, this.checks.words({ code, level: 'error' }), now);
    } else if (finishedAt !== null && ['done', 'cancelled', 'failed'].includes(status)) {
      waiting.setTime(new Date(finishedAt.getTime() + (waiting.afterHours ?? 0) * HOUR_MS), now);
      this.jobs.later(planDistribution, { brandId: waiting.brandId, distributionId: waiting.id });
    }
    await unit.flush();
    await this.live.changed(unit, `distribution:${waiting.id}`);
    await this.live.changed(unit, `survey:${waiting.surveyId}`);
  }
}
