import { tellOf } from '../ledger/live/distribution.topics.js';
import { Injectable } from '@nestjs/common';
import { LockMode } from '@mikro-orm/core';
import { Clock } from '../platform/clock.js';
import { Config } from '../platform/config.js';
import { Database, type Unit } from '../platform/db/database.js';
import { claimOccurrence } from '../platform/db/occurrences.js';
import { DomainError, WrongState } from '../platform/errors.js';
import { failpoint } from '../platform/failpoint.js';
import { Jobs } from '../platform/queue/jobs.js';
import { Distribution } from '../ledger/distribution.entity.js';
import { dispatchDistribution, type DistributionKey, planDistribution } from '../ledger/distribution.jobs.js';
import { type AudienceFacts, audienceFacts, countVerdicts, NO_FACTS } from '../audiences/verdicts.sql.js';
import { planBatch, plannedRows } from './batches.sql.js';
import { lockPlanning, rivalsOf } from '../audiences/exclusion.sql.js';
import { forgetAudience, freezeAudience, readSegment } from '../audiences/audience.sql.js';
import { refusalFor } from './refusal.js';
import { SendingChecks } from './sending_checks.js';
import { nextOpen } from './sending_calendar.js';
import { awakenFollowUps, mayBeJoined } from './awakening.js';
import { stopMessages } from './stopping.js';
import { keptOutlook, type Outlook } from './outlooks.sql.js';
import { readersOf } from '../audiences/readers.sql.js';
import { Releases } from './releases.service.js';
import { asksForZones, firstLeaves, hoursOf, type Timing, timingOf } from './timing.js';
import { holidaysOf, zonesOf } from './timing.sql.js';
import { WeekIsFull, WeeklyLimits } from '../limits/weekly_limits.service.js';

/**
 * Turns a distribution that is due into links and ledger rows, in batches of one transaction each. Safe to run twice
 * and after a crash: the distribution's row is locked, says how far it is, and one contact can't have two messages.
 */
@Injectable()
export class PlanningService {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly limits: WeeklyLimits,
    private readonly checks: SendingChecks,
    private readonly jobs: Jobs,
    private readonly releases: Releases,
    private readonly config: Config,
  ) {}

  /** Exact, by the very rules of planning; nothing is written. */
  async outlook(unit: Unit, distribution: Distribution): Promise<Outlook> {
    const now = this.clock.now();
    await readSegment(unit, distribution);
    const facts = await audienceFacts(unit, distribution, now);
    const counts = await countVerdicts(unit, distribution, facts, now);
    const skipped = counts.flatMap(({ reason, n }) => (reason === null ? [] : [{ reason, n }]));
    const mails = counts.find(({ reason }) => reason === null)?.n ?? 0;
    return { audience: counts.reduce((sum, { n }) => sum + n, 0), mails, skipped };
  }

  /** The same with who gets it, for the page before sending. */
  async outlookWithReaders(unit: Unit, distribution: Distribution): Promise<Outlook> {
    const outlook = await this.outlook(unit, distribution);
    const now = this.clock.now();
    const facts = await audienceFacts(unit, distribution, now);
    const readers = await readersOf(unit, distribution, { facts, now }, this.checks.printedFields(distribution));
    return { ...outlook, readers };
  }

  /**
   * Freezes the audience and reserves the allowance for exactly the mails that will be queued.
   * @throws {DomainError} with the code of what stands in the way; then nothing was planned
   */
  async depart(unit: Unit, distribution: Distribution, { mayWaitForPeople = false } = {}): Promise<void> {
    await this.checks.mustPass(unit, distribution);
    await readSegment(unit, distribution);
    const now = this.clock.now();
    const { mails, skipped } = (await keptOutlook(unit, distribution, now)) ?? (await this.outlook(unit, distribution));
    distribution.zones = asksForZones(distribution) ? await zonesOf(unit, distribution, now) : [];
    if (mails === 0 && !(mayWaitForPeople && (await mayBeJoined(unit, distribution, now)))) {
      throw this.nobody(distribution, skipped);
    }
    const { brandId, ownerId, timeZone, inParts } = distribution;
    const payer = await this.limits.payer(unit, brandId, ownerId);
    distribution.divisionId = payer.divisionId ?? null;
    const paid = inParts
      ? await this.limits.reserveUpTo(unit, payer, mails)
      : { count: mails, hour: await this.limits.reserveIn(unit, payer, mails, timeZone) };
    distribution.startPlanning({ ...paid, mails }, now);
    await unit.flush();
    await freezeAudience(unit, distribution, now);
    this.jobs.later(planDistribution, { brandId, distributionId: distribution.id });
  }

  private nobody({ parentId }: Distribution, skipped: Outlook['skipped']): Error {
    return skipped.length === 0 && parentId === null
      ? refusalFor('EQD11', this.checks.words({ code: 'EQD11', level: 'error' }))
      : new WrongState(this.checks.nobodyLeft(skipped), 'CVS04');
  }

  /** Links only: nobody is mailed, so no allowance is needed. Those of a small list are there when this returns. */
  async departWithoutMails(unit: Unit, distribution: Distribution): Promise<void> {
    await this.checks.mustPass(unit, distribution);
    await readSegment(unit, distribution);
    const now = this.clock.now();
    distribution.startPlanning({ count: 0, hour: now }, now);
    await unit.flush();
    if ((await freezeAudience(unit, distribution, now)) === 0) {
      throw refusalFor('EQD11', this.checks.words({ code: 'EQD11', level: 'error' }));
    }
    if (!(await this.writeBatch(unit, distribution, NO_FACTS))) {
      return;
    }
    const { brandId, id: distributionId } = distribution;
    this.jobs.later(planDistribution, { brandId, distributionId });
  }

  /** A scheduled distribution whose time has come, or one whose planning was interrupted. */
  async plan(key: DistributionKey): Promise<void> {
    if (!(await this.started(key))) {
      return;
    }
    const facts = await this.facts(key);
    let hasMore = facts !== undefined;
    while (hasMore) {
      hasMore = await this.nextBatch(key, facts ?? NO_FACTS);
    }
  }

  private async started(key: DistributionKey): Promise<boolean> {
    return this.locked(key, ['scheduled', 'planning'], async (unit, distribution) => {
      if (distribution.status === 'planning') {
        return true;
      }
      tellOf(unit, distribution);
      const dueAt = distribution.planAt ?? distribution.sendAt ?? this.clock.now();
      if (distribution.waitsForAnother || dueAt > this.clock.now() || (await this.isHeldNow(unit, distribution))) {
        return false;
      }
      // A distribution that is scheduled anew has another one.
      const schedule = `distribution ${distribution.id} plan ${distribution.modifiedAt.toISOString()}`;
      const departed = await this.departed(unit, distribution);
      if (departed && !(await claimOccurrence(unit, schedule, dueAt))) {
        throw new Error(`${schedule}: this was done before`);
      }
      return departed;
    });
  }

  /** Holds what is due and may not go yet: its survey is paused, or it is so late that somebody is asked. */
  private async isHeldNow(unit: Unit, distribution: Distribution): Promise<boolean> {
    const now = this.clock.now();
    if (await this.checks.isSurveyPaused(unit, distribution)) {
      distribution.hold('survey_paused', this.checks.words({ code: 'hold_survey_paused', level: 'error' }), now);
      return true;
    }
    const isLate = distribution.isLate(await this.wantedAt(unit, distribution), now);
    if (isLate) {
      this.releases.holdForLateness(distribution);
    }
    return isLate;
  }

  /** When its first mails should leave: what waits for its hours is not late before they begin. */
  private async wantedAt(unit: Unit, distribution: Distribution): Promise<Date> {
    const {
      sendAt,
      timeZone,
      brandId,
      plan: { window: sendingWindow },
    } = distribution;
    const wanted = sendAt ?? this.clock.now();
    const hours = sendingWindow === null ? null : hoursOf(distribution, await holidaysOf(unit, brandId));
    return hours === null ? wanted : (nextOpen(hours, timeZone, wanted) ?? wanted);
  }

  /** What refuses it now is kept on the distribution: nobody sits in front of a page to read it. */
  private async departed(unit: Unit, distribution: Distribution): Promise<boolean> {
    try {
      await this.depart(unit, distribution, { mayWaitForPeople: true });
      return true;
    } catch (error) {
      if (!(error instanceof DomainError)) {
        throw error;
      }
      if (error instanceof WeekIsFull && error.shortage.freeAt !== undefined) {
        const terms = { code: error.code, retryAt: error.shortage.freeAt };
        distribution.hold('week', this.checks.words({ code: 'hold_week', level: 'error' }), this.clock.now(), terms);
        return false;
      }
      distribution.fail(error.code ?? 'CVS04', error.message, this.clock.now());
      return false;
    }
  }

  private async facts({ brandId, distributionId }: DistributionKey): Promise<AudienceFacts | undefined> {
    return this.database.inBrand(brandId, async (unit) => {
      const distribution = await unit.em.findOne(Distribution, { id: distributionId, status: 'planning' });
      return distribution === null ? undefined : audienceFacts(unit, distribution, this.clock.now());
    });
  }

  /** @returns whether there may be more */
  private async nextBatch(key: DistributionKey, facts: AudienceFacts): Promise<boolean> {
    return this.locked(key, ['planning'], async (unit, distribution) => {
      if (distribution.channel !== 'email') {
        return this.writeBatch(unit, distribution, facts);
      }
      await lockPlanning(unit);
      const rivals = await rivalsOf(unit, distribution, this.clock.now());
      return this.writeBatch(unit, distribution, { ...facts, ...rivals });
    });
  }

  private async writeBatch(unit: Unit, distribution: Distribution, facts: AudienceFacts): Promise<boolean> {
    const now = this.clock.now();
    const domain = this.checks.idDomain(distribution);
    const timing = await this.timing(unit, distribution);
    const size = this.config.PLANNING_BATCH;
    await unit.planAnew();
    const { looked, mails, last } = await planBatch(unit, distribution, facts, { now, domain, timing, size });
    distribution.plannedThrough = last ?? distribution.plannedThrough;
    distribution.plannedMails += mails;
    await unit.flush();
    failpoint('planned');
    tellOf(unit, distribution);
    if (looked === size) {
      return true;
    }
    await this.conclude(unit, distribution);
    return false;
  }

  private async conclude(unit: Unit, distribution: Distribution): Promise<void> {
    const now = this.clock.now();
    await forgetAudience(unit, distribution);
    const { all, queued, paid } = await plannedRows(unit, distribution.id);
    if (distribution.channel === 'gl') {
      distribution.markGenerated(all, now);
    } else if (await this.settledAllowance(unit, distribution, distribution.inParts ? paid : queued)) {
      distribution.expectedMails = queued;
      distribution.startSending(all, now);
      if (distribution.parentId !== null) {
        distribution.awaitLatecomers(firstLeaves(await this.timing(unit, distribution), distribution.timeZone), now);
        this.lookOnce(distribution);
      } else {
        await awakenFollowUps(unit, distribution, now);
      }
      if (distribution.plan.waves !== null) {
        await this.releases.releaseWave(unit, distribution);
      }
      this.jobs.later(dispatchDistribution, {
        brandId: distribution.brandId,
        distributionId: distribution.id,
      });
    }
    await unit.flush();
  }

  /** One without anybody, whose mails would have left meanwhile, ends by a look at that. */
  private lookOnce(followUp: Distribution): void {
    if (followUp.plannedMails === 0 && followUp.nextRoundAt === null) {
      followUp.waitUntil(this.clock.now());
    }
  }

  /** What is queued and what was reserved must be the same number before the first mail goes out. */
  private async settledAllowance(unit: Unit, distribution: Distribution, queued: number): Promise<boolean> {
    const { payer, reserved, reservedHour, timeZone } = distribution;
    const hour = reservedHour ?? this.clock.now();
    try {
      if (queued > reserved) {
        await this.limits.reserveIn(unit, payer, queued - reserved, timeZone);
      } else {
        await this.limits.giveBack(unit, payer, hour, reserved - queued);
      }
      distribution.reserved = queued;
      return true;
    } catch (error) {
      if (!(error instanceof WrongState)) {
        throw error;
      }
      await stopMessages(unit, this.limits, distribution, this.clock.now());
      distribution.fail(error.code ?? 'EQD03', error.message, this.clock.now());
      return false;
    }
  }

  /** The same for all batches: everything counts from the moment at which the audience was frozen. */
  private async timing(unit: Unit, distribution: Distribution): Promise<Timing> {
    const start = distribution.frozenAt ?? this.clock.now();
    const holidays = distribution.plan.window === null ? [] : await holidaysOf(unit, distribution.brandId);
    return timingOf(distribution, { start, mails: distribution.expectedMails, holidays });
  }

  private locked(
    { brandId, distributionId }: DistributionKey,
    statuses: Distribution['status'][],
    act: (unit: Unit, distribution: Distribution) => Promise<boolean>,
  ): Promise<boolean> {
    return this.database.inBrand(brandId, async (unit) => {
      const distribution = await unit.em.findOne(
        Distribution,
        { id: distributionId, deletedAt: null },
        { lockMode: LockMode.PESSIMISTIC_WRITE },
      );
      return distribution !== null && statuses.includes(distribution.status) ? act(unit, distribution) : false;
    });
  }
}
