import { Injectable } from '@nestjs/common';
import { LockMode } from '@mikro-orm/core';
import { Distribution, type HoldReason } from '../ledger/distribution.entity.js';
import type { DistributionKey } from '../ledger/distribution.jobs.js';
import { WeeklyLimits } from '../limits/weekly_limits.service.js';
import { Releases } from '../planning/releases.service.js';
import { Clock } from '../platform/clock.js';
import { Database, type Unit } from '../platform/db/database.js';
import { Jobs } from '../platform/queue/jobs.js';
import { Ports } from '../sending/port.js';
import { tellOf, wake } from './changed_distribution.js';

/** The end of holds: what is held for a survey, a limit or a way out goes on once that is over, unless it is late by then. */
@Injectable()
export class HoldsService {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly limits: WeeklyLimits,
    private readonly releases: Releases,
    private readonly ports: Ports,
    private readonly jobs: Jobs,
  ) {}

  /** Looks whether what a distribution is held for is over; if not, looks again later. */
  async lookAgain({ brandId, distributionId }: DistributionKey): Promise<void> {
    const held = await this.database.inBrand(brandId, ({ em }) =>
      em.findOne(Distribution, { id: distributionId, status: 'held' }),
    );
    if (held === null || held.heldReason === 'late') {
      return;
    }
    const obstacle = await this.obstacle(held);
    await this.database.inBrand(brandId, async (unit) => {
      const distribution = await lockedHeld(unit, distributionId);
      if (distribution === null) {
        return;
      }
      if (distribution.heldReason === 'week') {
        await this.lookAtWeek(unit, distribution);
      } else if (obstacle === undefined && isLateAfter(distribution, this.clock.now())) {
        this.releases.holdForLateness(distribution);
      } else if (obstacle === undefined) {
        distribution.release();
        wake(this.jobs, distribution);
      } else {
        distribution.hold(obstacle.reason, obstacle.words, this.clock.now());
      }
      await tellOf(unit, distribution);
    });
  }

  /** The survey changed its stage: what waited for it is looked at now. */
  async lookAgainFor(brandId: string, surveyId: string): Promise<void> {
    const held = await this.database.inBrand(brandId, ({ em }) => em.find(Distribution, { surveyId, status: 'held' }));
    for (const { id: distributionId } of held) {
      await this.lookAgain({ brandId, distributionId });
    }
  }

  /** A limit that was lowered below what is used stops all; otherwise the rest goes as far as there is room. */
  private async lookAtWeek(unit: Unit, distribution: Distribution): Promise<void> {
    const { releases } = this;
    const isOver = (await this.limits.exceeded(unit, distribution.payer)) !== undefined;
    const isRest = distribution.heldFrom === 'sending' && distribution.inParts;
    const mayGo =
      !isOver &&
      (!isRest || (await releases.rest(unit, distribution)) || (await releases.owesNothing(unit, distribution)));
    if (mayGo) {
      distribution.release();
      wake(this.jobs, distribution);
    } else {
      await releases.holdForWeek(unit, distribution);
    }
  }

  private async obstacle(held: Distribution): Promise<{ reason: HoldReason; words: string } | undefined> {
    const { brandId, heldReason: reason, errorText } = held;
    if (reason === null || reason === 'week') {
      return undefined;
    }
    const isOver =
      reason === 'relay' || reason === 'domain'
        ? await this.ports.of(held).isOpenAgain(held)
        : await this.database.inBrand(brandId, (unit) => isHoldOver(unit, held));
    return isOver ? undefined : { reason, words: errorText ?? '' };
  }
}

async function isHoldOver(unit: Unit, { surveyId, heldReason, requestType }: Distribution): Promise<boolean> {
  const [now] = await unit.sql<{ stage: string; brand: string }>(
    'SELECT s.stage, b.status AS brand FROM surveys s JOIN brands b ON b.id = s.brand_id WHERE s.id = $1',
    [surveyId],
  );
  return heldReason === 'survey_paused'
    ? now?.stage === 'active' || requestType === 'ThankYou'
    : now?.brand === 'active';
}

function lockedHeld(unit: Unit, id: string): Promise<Distribution | null> {
  return unit.em.findOne(Distribution, { id, status: 'held' }, { lockMode: LockMode.PESSIMISTIC_WRITE });
}

/** Whether a hold has lasted longer than the mails may be late. Waiting for a scheduled start is looked at when it starts. */
function isLateAfter(distribution: Distribution, now: Date): boolean {
  const { heldFrom, heldAt } = distribution;
  return heldFrom !== 'scheduled' && heldAt !== null && distribution.isLate(heldAt, now);
}
