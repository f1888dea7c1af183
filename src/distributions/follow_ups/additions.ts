import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import type { Unit } from '../../platform/db/database.js';
import { Jobs } from '../../platform/queue/jobs.js';
import type { Distribution } from '../../ledger/distribution.entity.js';
import { dispatchDistribution } from '../../ledger/distribution.jobs.js';
import type { OnlySome } from '../../audiences/audience.sql.js';
import { audienceFacts } from '../../audiences/verdicts.sql.js';
import { planBatch } from '../../planning/batches.sql.js';
import { lockPlanning } from '../../audiences/exclusion.sql.js';
import { Releases } from '../../planning/releases.service.js';
import { SendingChecks } from '../../planning/sending_checks.js';
import { asksForZones, timingOf } from '../../planning/timing.js';
import { holidaysOf, zonesOf } from '../../planning/timing.sql.js';
import { WeeklyLimits } from '../../limits/weekly_limits.service.js';

/** What one statement added, and the last place that it looked at. */
export interface Added {
  looked: number;
  mails: number;
  last: string | null;
}

/**
 * Rows that join a follow-up that is under way, because people finished or their days are over. What the week has no
 * room for waits and goes later.
 */
@Injectable()
export class Additions {
  constructor(
    private readonly clock: Clock,
    private readonly limits: WeeklyLimits,
    private readonly releases: Releases,
    private readonly checks: SendingChecks,
    private readonly jobs: Jobs,
  ) {}

  /** @param followUp locked */
  async add(unit: Unit, followUp: Distribution, some: OnlySome, size: number): Promise<Added> {
    const { brandId, ownerId, id: distributionId } = followUp;
    followUp.inParts = true;
    await this.readZones(unit, followUp);
    const added = await this.write(unit, followUp, some, size);
    followUp.divisionId = (await this.limits.payer(unit, brandId, ownerId)).divisionId ?? null;
    followUp.add(added, this.clock.now());
    await unit.flush();
    await this.releases.rest(unit, followUp);
    await unit.flush();
    this.jobs.later(dispatchDistribution, { brandId, distributionId });
    return added;
  }

  /** The recipients' zones, where their clocks count: those of whoever came later join the others. */
  async readZones(unit: Unit, followUp: Distribution): Promise<void> {
    if (asksForZones(followUp)) {
      const known = await zonesOf(unit, followUp, this.clock.now());
      followUp.zones = [...new Set([...followUp.zones, ...known])].sort();
    }
  }

  private async write(unit: Unit, followUp: Distribution, some: OnlySome, size: number): Promise<Added> {
    await lockPlanning(unit);
    const now = this.clock.now();
    const facts = { ...(await audienceFacts(unit, followUp, now)), ...some };
    const holidays = followUp.plan.window === null ? [] : await holidaysOf(unit, followUp.brandId);
    const timing = timingOf(followUp, { start: now, mails: followUp.expectedMails, holidays });
    const domain = this.checks.idDomain(followUp);
    return planBatch(unit, followUp, facts, { now, domain, timing, size });
  }
}
