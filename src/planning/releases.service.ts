import { tellOf } from '../ledger/live/distribution.topics.js';
import { Injectable } from '@nestjs/common';
import { LockMode } from '@mikro-orm/core';
import { Clock } from '../platform/clock.js';
import { Database, type Unit } from '../platform/db/database.js';
import { claimOccurrence } from '../platform/db/occurrences.js';
import { Jobs } from '../platform/queue/jobs.js';
import { Distribution } from '../ledger/distribution.entity.js';
import { dispatchDistribution, type DistributionKey, planDistribution } from '../ledger/distribution.jobs.js';
import { giveBackFreed } from './stopping.js';
import { talliesOf } from '../ledger/tallies.js';
import { SendingChecks } from './sending_checks.js';
import { type Timing, timingOf } from './timing.js';
import { endWaves, finishedSince, hasPaidMessages, holidaysOf, release, unpaidMessages } from './timing.sql.js';
import { WeeklyLimits } from '../limits/weekly_limits.service.js';

const HOUR_MS = 3_600_000;

/**
 * Lets go what planning held back: the next wave, and what the weekly limit had no room for. Any number of schedulers may
 * ask at once: the distribution's row is locked, and each wave and each share is an occurrence that happens once.
 */
@Injectable()
export class Releases {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly limits: WeeklyLimits,
    private readonly checks: SendingChecks,
    private readonly jobs: Jobs,
  ) {}

  /** The next wave, when its time has come and not enough people have finished. Waves that were missed don't pile up. */
  async nextWave({ brandId, distributionId }: DistributionKey): Promise<void> {
    await this.database.inBrand(brandId, async (unit) => {
      const distribution = await unit.em.findOne(
        Distribution,
        { id: distributionId, status: 'sending' },
        { lockMode: LockMode.PESSIMISTIC_WRITE },
      );
      const now = this.clock.now();
      const dueAt = distribution?.nextWaveAt ?? null;
      if (distribution === null || dueAt === null || dueAt > now) {
        return;
      }
      if (await this.hasEnough(unit, distribution)) {
        await this.endWaves(unit, distribution);
      } else if (distribution.isLate(dueAt, now)) {
        this.holdForLateness(distribution);
      } else if (await claimOccurrence(unit, `distribution ${distributionId} wave`, dueAt)) {
        await this.releaseWave(unit, distribution);
      }
      await unit.flush();
      tellOf(unit, distribution);
      this.jobs.later(dispatchDistribution, { brandId, distributionId });
    });
  }

  /** @param distribution locked, and being sent */
  async releaseWave(unit: Unit, distribution: Distribution): Promise<void> {
    const now = this.clock.now();
    distribution.releaseWave(now);
    await unit.flush();
    await release(unit, distribution.id, { wave: distribution.wavesReleased }, await this.timing(unit, distribution));
  }

  /**
   * After a turn of sending: lets go as much of the rest as the weekly limit has room for by now; where nothing else is on
   * its way and there is no room, the distribution is held until there is.
   */
  async afterTurn(unit: Unit, distribution: Distribution): Promise<void> {
    if (!distribution.inParts) {
      return;
    }
    const hasPaid = await hasPaidMessages(unit, distribution.id);
    const isWaiting = distribution.retryAt !== null && distribution.retryAt > this.clock.now();
    if ((hasPaid && isWaiting) || (await this.rest(unit, distribution)) || hasPaid) {
      return;
    }
    if ((await unpaidMessages(unit, distribution.id)) > 0) {
      await this.holdForWeek(unit, distribution);
    }
  }

  /** Holds what exceeds a limit now, and has everything looked at that waits for one. */
  async limitsChanged(brandId: string): Promise<void> {
    const known = await this.database.inBrand(brandId, ({ em }) =>
      em.find(Distribution, { $or: [{ status: 'sending' }, { status: 'held', heldReason: 'week' }] }),
    );
    for (const { id, status } of known) {
      if (status === 'held') {
        this.jobs.later(planDistribution, { brandId, distributionId: id });
      } else {
        await this.database.inBrand(brandId, (unit) => this.holdIfExceeded(unit, id));
      }
    }
  }

  /** @returns whether a limit was lowered below what is used: then nothing more of it goes out */
  async holdIfExceeded(unit: Unit, id: string): Promise<boolean> {
    const distribution = await unit.em.findOne(
      Distribution,
      { id, status: 'sending' },
      { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true },
    );
    const isExceeded = distribution !== null && (await this.limits.exceeded(unit, distribution.payer)) !== undefined;
    if (isExceeded) {
      await this.holdForWeek(unit, distribution);
      await unit.flush();
      tellOf(unit, distribution);
    }
    return isExceeded;
  }

  /** Pays for as many of the waiting mails as fit. @returns whether any went */
  async rest(unit: Unit, distribution: Distribution): Promise<boolean> {
    const waiting = await unpaidMessages(unit, distribution.id);
    if (waiting === 0) {
      return false;
    }
    const { count, hour } = await this.limits.reserveUpTo(unit, distribution.payer, waiting);
    if (count === 0) {
      distribution.retryAt = await this.nextLook(unit, distribution);
      return false;
    }
    const share = { unpaid: count, upToWave: distribution.wavesReleased, hour };
    await release(unit, distribution.id, share, await this.timing(unit, distribution));
    distribution.reserved += count;
    const isAll = count === waiting;
    distribution.retryAt = isAll ? null : await this.nextLook(unit, distribution);
    return true;
  }

  /** Whether everything of it has an allowance. */
  async owesNothing(unit: Unit, { id }: Distribution): Promise<boolean> {
    return (await unpaidMessages(unit, id)) === 0;
  }

  /** Waits until the weekly limit has room. */
  async holdForWeek(unit: Unit, distribution: Distribution): Promise<void> {
    const full =
      (await this.limits.exceeded(unit, distribution.payer)) ?? (await this.limits.full(unit, distribution.payer));
    distribution.hold('week', this.words('hold_week'), this.clock.now(), {
      code: full === undefined || full.scope === 'user' ? 'EQD03' : 'EQD04',
      retryAt: await this.nextLook(unit, distribution),
    });
  }

  /** Waits until somebody says whether it may be late. */
  holdForLateness(distribution: Distribution): void {
    distribution.hold('late', this.words('hold_late'), this.clock.now(), { retryAt: null });
  }

  private async nextLook(unit: Unit, { payer }: Distribution): Promise<Date> {
    const now = this.clock.now();
    return (await this.limits.nextFree(unit, payer)) ?? new Date(now.getTime() + HOUR_MS);
  }

  /** Counts also who has finished and is not in the ledger yet. */
  private async hasEnough(unit: Unit, { id, plan: { waves } }: Distribution): Promise<boolean> {
    if (waves === null || waves.untilFinished === null) {
      return false;
    }
    const tallies = await talliesOf(unit, [id]);
    return tallies(id).finished + (await finishedSince(unit, id)) >= waves.untilFinished;
  }

  private async endWaves(unit: Unit, distribution: Distribution): Promise<void> {
    const now = this.clock.now();
    distribution.endWaves(await endWaves(unit, distribution.id, now), now);
    await giveBackFreed(unit, this.limits, distribution);
  }

  private async timing(unit: Unit, distribution: Distribution): Promise<Timing> {
    const holidays = await holidaysOf(unit, distribution.brandId);
    return timingOf(distribution, { start: this.clock.now(), mails: distribution.expectedMails, holidays });
  }

  private words(code: string): string {
    return this.checks.words({ code, level: 'error' });
  }
}
