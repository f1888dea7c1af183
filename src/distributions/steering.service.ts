import { Injectable } from '@nestjs/common';
import { LockMode } from '@mikro-orm/core';
import { AuditService } from '../brands/audit.service.js';
import type { Actor } from '../platform/auth/actor.js';
import type { AuditAction } from '../platform/auth/audit_actions.js';
import { Clock } from '../platform/clock.js';
import { Database, type Unit } from '../platform/db/database.js';
import { WrongState } from '../platform/errors.js';
import { Jobs } from '../platform/queue/jobs.js';
import { Distribution, type HoldReason } from '../ledger/distribution.entity.js';
import { dispatchDistribution, type DistributionKey, planDistribution } from '../ledger/distribution.jobs.js';
import { awakenFollowUps } from '../planning/awakening.js';
import { FoundDistributions } from '../ledger/found_distributions.service.js';
import { waiveGuard } from '../ledger/own_pauses.sql.js';
import {
  requeueFailed,
  requeueUncertain,
  requeueWaves,
  type Requeued,
  type RequeueWish,
} from '../planning/requeue.sql.js';
import { Ports } from '../sending/port.js';
import { stopMessage, stopMessages } from '../planning/stopping.js';
import { lockPlanning, rivalsOf } from '../audiences/exclusion.sql.js';
import { Releases } from '../planning/releases.service.js';
import { hourOf } from '../limits/weekly_buckets.sql.js';
import { WeeklyLimits } from '../limits/weekly_limits.service.js';

const TOOK_MEANWHILE =
  'Nobody is left to try again: since then these people got the very same mail, or as many mails as the frequency rules allow.';

type Requeue = (unit: Unit, distribution: Distribution, wish: RequeueWish) => Promise<Requeued>;

/** Parts that steering needs beside its own. */
@Injectable()
export class SteeringSurroundings {
  constructor(
    readonly jobs: Jobs,
    readonly audit: AuditService,
    readonly ports: Ports,
    readonly releases: Releases,
  ) {}
}

/** Pause, resume, cancel, try again, delete: what people do to a distribution on its way; and the end of holds. */
@Injectable()
export class SteeringService {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly distributions: FoundDistributions,
    private readonly limits: WeeklyLimits,
    private readonly surroundings: SteeringSurroundings,
  ) {}

  /** Stops at the wire: what is on it ends, nothing more is put there. */
  pause(actor: Actor, id: string): Promise<Distribution> {
    return this.steer(actor, id, 'distribution.pause', (distribution) => distribution.pause(this.clock.now()));
  }

  resume(actor: Actor, id: string): Promise<Distribution> {
    return this.steer(actor, id, 'distribution.resume', async (distribution, unit) => {
      await waiveGuard(unit, id);
      distribution.resume(this.clock.now());
      this.wake(distribution);
    });
  }

  /**
   * What follows an invitation is cancelled with it, unless it is to go on for the people who have the invitation.
   * @returns how many people get no mail because of it
   */
  async cancel(actor: Actor, id: string, { keepsFollowUps = false } = {}): Promise<number> {
    let stopped = 0;
    await this.steer(actor, id, 'distribution.cancel', async (distribution, unit) => {
      distribution.cancel(this.clock.now());
      stopped = await stopMessages(unit, this.limits, distribution, this.clock.now());
      if (!keepsFollowUps || distribution.sentAt === null) {
        await this.cancelFollowUps(actor, unit, distribution);
      }
    });
    return stopped;
  }

  private async cancelFollowUps(actor: Actor, unit: Unit, { id: parentId }: Distribution): Promise<void> {
    const followUps = await unit.em.find(
      Distribution,
      { parentId, deletedAt: null },
      { lockMode: LockMode.PESSIMISTIC_WRITE, orderBy: { id: 'asc' } },
    );
    const now = this.clock.now();
    for (const followUp of followUps.filter(({ canCancel }) => canCancel)) {
      followUp.cancel(now);
      await stopMessages(unit, this.limits, followUp, now);
      await this.surroundings.audit.record(actor, 'distribution.cancel', `distribution ${followUp.id}`, {
        after: { status: followUp.status },
      });
      await this.told(unit, followUp);
    }
  }

  /** Hides it; what is not on the wire yet does not go out. */
  async remove(actor: Actor, id: string): Promise<void> {
    await this.steer(actor, id, 'distribution.delete', async (distribution, unit) => {
      const wasOpen = distribution.isOpen;
      distribution.remove(this.clock.now());
      if (wasOpen) {
        await stopMessages(unit, this.limits, distribution, this.clock.now());
      }
    });
  }

  /** Sends what is held because it is too late. */
  sendLate(actor: Actor, id: string): Promise<Distribution> {
    return this.steer(actor, id, 'distribution.send-late', (distribution) => {
      distribution.sendLate();
      this.wake(distribution);
    });
  }

  /** Back to a draft, after a failure that left nothing planned. */
  reopen(actor: Actor, id: string): Promise<Distribution> {
    return this.steer(actor, id, 'distribution.reopen', (distribution) => distribution.reopen(this.clock.now()));
  }

  /**
   * Queues the failed messages once more, or one of them; those that no hour pays for any more are paid again.
   * @throws {WrongState} when nothing failed, or EQD03/EQD04 when they don't fit into the weekly limit
   */
  retryFailed(actor: Actor, id: string, messageId: string | null = null): Promise<number> {
    const retry = { action: 'distribution.retry-failed' as const, nothing: 'Nothing of this distribution has failed.' };
    return this.sendAgain(actor, id, {
      ...retry,
      messageId,
      requeue: (...asked) => requeueFailed(...asked, messageId),
    });
  }

  /**
   * Sends those once more of whom nobody can tell whether they got it, also after the resend by itself; or one of them.
   * @throws {WrongState} when there are none, or EQD03/EQD04 when they don't fit into the weekly limit
   */
  resendUncertain(actor: Actor, id: string, messageId: string | null = null): Promise<number> {
    const resend = {
      action: 'distribution.resend-uncertain' as const,
      nothing: 'Nothing of this distribution is in doubt.',
    };
    return this.sendAgain(actor, id, {
      ...resend,
      messageId,
      requeue: (...asked) => requeueUncertain(...asked, messageId),
    });
  }

  /**
   * Sends the waves that were kept back because enough people had finished; nothing holds them back any more.
   * @throws {WrongState} when there are none, or EQD03/EQD04 when they don't fit into the weekly limit
   */
  goOnWithWaves(actor: Actor, id: string): Promise<number> {
    return this.sendAgain(actor, id, {
      action: 'distribution.go-on-with-waves',
      nothing: 'No wave of this distribution was kept back.',
      requeue: requeueWaves,
      also: (distribution, now) => distribution.goOnWithWaves(now),
    });
  }

  /**
   * One recipient's mail is not tried any more; the others go on.
   * @throws {WrongState} for a mail that is not being tried
   */
  async stopTrying(actor: Actor, id: string, messageId: string): Promise<void> {
    await this.steer(actor, id, 'distribution.stop-trying', async (distribution, unit) => {
      const isUnderWay = distribution.plannedAt !== null && distribution.isOpen;
      const wish = { messageId, now: this.clock.now() };
      if (!isUnderWay || !(await stopMessage(unit, this.limits, distribution, wish))) {
        throw new WrongState('This mail is not being tried right now: it has left, has ended, or is on the wire.');
      }
      if (distribution.status === 'sending') {
        this.wake(distribution);
      }
      return { message: messageId };
    });
  }

  /** Queueing and paying are one step: what does not fit is not queued either. */
  private async sendAgain(
    actor: Actor,
    id: string,
    { action, nothing, requeue, also, messageId }: Again,
  ): Promise<number> {
    let sent = 0;
    await this.steer(actor, id, action, async (distribution, unit) => {
      const now = this.clock.now();
      distribution.resend();
      also?.(distribution, now);
      await this.awaken(unit, distribution);
      await lockPlanning(unit);
      const rivals = await rivalsOf(unit, distribution, now);
      const { queued, unpaid, left } = await requeue(unit, distribution, { now, hour: hourOf(now), rivals });
      if (queued === 0) {
        throw new WrongState(left === 0 ? nothing : TOOK_MEANWHILE);
      }
      await this.limits.reserve(distribution.payer, unpaid, distribution.timeZone, now);
      this.wake(distribution);
      sent = queued;
      return messageId ? { message: messageId } : {};
    });
    return sent;
  }

  private async awaken(unit: Unit, distribution: Distribution): Promise<void> {
    for (const followUp of await awakenFollowUps(unit, distribution, this.clock.now())) {
      await this.told(unit, followUp);
    }
  }

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
        this.surroundings.releases.holdForLateness(distribution);
      } else if (obstacle === undefined) {
        distribution.release();
        this.wake(distribution);
      } else {
        distribution.hold(obstacle.reason, obstacle.words, this.clock.now());
      }
      await this.told(unit, distribution);
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
    const { releases } = this.surroundings;
    const isOver = (await this.limits.exceeded(unit, distribution.payer)) !== undefined;
    const isRest = distribution.heldFrom === 'sending' && distribution.inParts;
    const mayGo =
      !isOver &&
      (!isRest || (await releases.rest(unit, distribution)) || (await releases.owesNothing(unit, distribution)));
    if (mayGo) {
      distribution.release();
      this.wake(distribution);
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
        ? await this.surroundings.ports.of(held).isOpenAgain(held)
        : await this.database.inBrand(brandId, (unit) => isHoldOver(unit, held));
    return isOver ? undefined : { reason, words: errorText ?? '' };
  }

  private async steer(
    actor: Actor,
    id: string,
    action: AuditAction,
    change: (distribution: Distribution, unit: Unit) => void | Promise<object | void>,
  ): Promise<Distribution> {
    return this.database.inBrand(actor.brandId, async (unit) => {
      const distribution = await this.distributions.locked(unit, actor, id);
      const told = await change(distribution, unit);
      await unit.flush();
      await this.surroundings.audit.record(actor, action, `distribution ${id}`, {
        after: { status: distribution.status, ...told },
      });
      await this.told(unit, distribution);
      return distribution;
    });
  }

  private wake({ brandId, id, status }: Distribution): void {
    const kind = status === 'sending' ? dispatchDistribution : planDistribution;
    this.surroundings.jobs.later(kind, { brandId, distributionId: id });
  }

  private async told(unit: Unit, { id, surveyId }: Distribution): Promise<void> {
    await unit.flush();
    unit.changed(`distribution:${id}`);
    unit.changed(`survey:${surveyId}`);
  }
}

/** What is queued once more, and what else changes with it. */
interface Again {
  action: AuditAction;
  /** Of one recipient alone. */
  messageId?: string | null;
  /** The refusal where there is nothing to queue. */
  nothing: string;
  requeue: Requeue;
  also?: (distribution: Distribution, now: Date) => void;
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
