import { Injectable } from '@nestjs/common';
import { LockMode } from '@mikro-orm/core';
import { Clock } from '../../platform/clock.js';
import { Config } from '../../platform/config.js';
import { Database, type Unit } from '../../platform/db/database.js';
import { Distribution } from '../../ledger/distribution.entity.js';
import type { DistributionKey } from '../../ledger/distribution.jobs.js';
import type { FirstLeave } from '../../audiences/latecomers.sql.js';
import { firstLeaves, timingOf } from '../../planning/timing.js';
import { holidaysOf } from '../../planning/timing.sql.js';
import { Additions } from './additions.js';
import { mayCome } from '../../planning/awakening.js';
import { RoundChecks } from './round_checks.js';

/**
 * Reminders and thank-yous with a time of their own are planned hours before mails leave, where those wait for their
 * hours or for the clocks of recipients. Whoever the invitation has reached meanwhile, or who has finished, joins them when
 * the first mails of their zone leave. Safe to run twice and after a crash: the row is locked, and nobody has two rows.
 */
@Injectable()
export class Latecomers {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly additions: Additions,
    private readonly config: Config,
    private readonly checks: RoundChecks,
  ) {}

  async take(key: DistributionKey): Promise<void> {
    let hasMore = true;
    while (hasMore) {
      hasMore = await this.batch(key);
    }
  }

  /** @returns whether there may be more */
  private batch({ brandId, distributionId: id }: DistributionKey): Promise<boolean> {
    return this.database.inBrand(brandId, async (unit) => {
      const now = this.clock.now();
      const followUp = await unit.em.findOne(
        Distribution,
        { id, status: 'sending', deletedAt: null, sendAt: { $ne: null }, nextRoundAt: { $lte: now } },
        { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true },
      );
      if (followUp === null) {
        return false;
      }
      await this.additions.readZones(unit, followUp);
      const leaves = await this.leaves(unit, followUp);
      const others = (await mayCome(unit, followUp)) ? leaves : []; // asked before: who comes from here on is looked at then
      const size = this.config.PLANNING_BATCH;
      followUp.plannedThrough = '0'; // whoever was looked at has a row by now
      const { looked } = await this.additions.add(unit, followUp, { leaves }, size);
      if (looked < size) {
        followUp.awaitLatecomers(others, now);
        this.endWithoutAnybody(followUp);
      }
      await unit.flush();
      return looked === size;
    });
  }

  private endWithoutAnybody(followUp: Distribution): void {
    if (followUp.nextRoundAt === null && followUp.plannedMails === 0) {
      followUp.withdraw();
      this.checks.nobodyCame(followUp);
    }
  }

  /** As planning worked them out, from the moment at which it began. */
  private async leaves(unit: Unit, followUp: Distribution): Promise<FirstLeave[]> {
    const { frozenAt, timeZone, expectedMails: mails, brandId } = followUp;
    const start = frozenAt ?? this.clock.now();
    return firstLeaves(timingOf(followUp, { start, mails, holidays: await holidaysOf(unit, brandId) }), timeZone);
  }
}
