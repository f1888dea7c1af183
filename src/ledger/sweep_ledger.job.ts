import { tellOf } from './live/distribution.topics.js';
import { distributionMoves } from './distribution_moves.js';
import { Injectable } from '@nestjs/common';
import { Clock } from '../platform/clock.js';
import { Config } from '../platform/config.js';
import { Database, type Unit } from '../platform/db/database.js';
import { Jobs, type Performs, PerformsJob } from '../platform/queue/jobs.js';
import { dispatchDistribution, sweepLedger } from './distribution.jobs.js';
import { expireLeases, expireWires, resendUncertain } from './ledger_sweeps.sql.js';

/** When leases ran out or the wait of uncertain mails is over. Safe to run twice: rows are skipped when locked. */
@PerformsJob(sweepLedger)
@Injectable()
export class SweepLedgerJob implements Performs<{ brandId: string }> {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly config: Config,
    private readonly jobs: Jobs,
  ) {}

  async perform({ brandId }: { brandId: string }): Promise<void> {
    const woken = await this.database.inBrand(brandId, async (unit) => {
      const now = this.clock.now();
      await expireLeases(unit, now);
      const lost = await expireWires(unit, now, new Date(now.getTime() + this.config.RESEND_SECONDS * 1000));
      const again = await resendUncertain(unit, now);
      for (const { distributionId } of again) {
        await unit.run(
          `UPDATE distributions SET ${distributionMoves.set('resent')}, finished_at = NULL WHERE id = $1 AND status = 'done'`,
          [distributionId],
        );
      }
      for (const distribution of await surveysOf(unit, [...lost, ...again])) {
        tellOf(unit, distribution);
      }
      return again;
    });
    for (const { distributionId } of woken) {
      this.jobs.later(dispatchDistribution, { brandId, distributionId });
    }
  }

  due(): Promise<{ brandId: string }[]> {
    return this.database.outsideBrands((unit) =>
      unit.sql('SELECT brand_id AS "brandId" FROM find_brands_with_stale_leases($1)', [this.clock.now()]),
    );
  }
}

function surveysOf(unit: Unit, moved: { distributionId: string }[]): Promise<{ id: string; surveyId: string }[]> {
  const ids = moved.map(({ distributionId }) => distributionId);
  return unit.sql('SELECT id, survey_id AS "surveyId" FROM distributions WHERE id = ANY ($1)', [ids]);
}
