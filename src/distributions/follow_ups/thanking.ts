import { Injectable } from '@nestjs/common';
import { LockMode } from '@mikro-orm/core';
import { Clock } from '../../platform/clock.js';
import type { Unit } from '../../platform/db/database.js';
import { Jobs } from '../../platform/queue/jobs.js';
import { Distribution } from '../distribution.entity.js';
import { dispatchDistribution } from '../distributions.jobs.js';
import { audienceFacts, planBatch } from '../planning/distributions.sql.js';
import { Releases } from '../planning/releases.service.js';
import { SendingChecks } from '../planning/sending_checks.js';
import { timingOf } from '../planning/timing.js';
import { WeeklyLimits } from '../planning/weekly_limits.service.js';
import { isSetLoose } from './follow_ups.sql.js';

/** Links whose people have just finished, and the thank-you that goes at once. */
export interface JustFinished {
  thankYouId: string;
  links: string[];
}

/** Parts that thanking needs beside the others. */
@Injectable()
export class ThankingSurroundings {
  constructor(
    readonly clock: Clock,
    readonly jobs: Jobs,
  ) {}
}

/**
 * Thank-yous that go when a response is recorded. The ledger row is written in the transaction that takes the response
 * over from the outbox, and nobody has two rows: exactly one mail, whatever dies in between.
 */
@Injectable()
export class Thanking {
  constructor(
    private readonly limits: WeeklyLimits,
    private readonly releases: Releases,
    private readonly checks: SendingChecks,
    private readonly surroundings: ThankingSurroundings,
  ) {}

  async thank(unit: Unit, { thankYouId, links }: JustFinished): Promise<void> {
    const thankYou = await unit.em.findOne(
      Distribution,
      { id: thankYouId, deletedAt: null },
      { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true },
    );
    if (thankYou === null || !isSetLoose(thankYou)) {
      return;
    }
    const { brandId, ownerId, id: distributionId } = thankYou;
    thankYou.inParts = true; // what the week has no room for waits
    const { mails } = await this.write(unit, thankYou, links);
    thankYou.divisionId = (await this.limits.payer(unit, brandId, ownerId)).divisionId ?? null;
    thankYou.thank(mails, this.surroundings.clock.now());
    await unit.flush();
    await this.releases.rest(unit, thankYou);
    await unit.flush();
    this.surroundings.jobs.later(dispatchDistribution, { brandId, distributionId });
  }

  private async write(unit: Unit, thankYou: Distribution, links: string[]): Promise<{ mails: number }> {
    const now = this.surroundings.clock.now();
    const facts = { ...(await audienceFacts(unit, thankYou, now)), links };
    const timing = timingOf(thankYou, { start: now, mails: thankYou.expectedMails, holidays: [] });
    const domain = this.checks.fromDomain(thankYou);
    return planBatch(unit, thankYou, facts, { now, domain, timing, size: links.length });
  }
}
