import { Injectable } from '@nestjs/common';
import { LockMode } from '@mikro-orm/core';
import { AuditService } from '../brands/audit.service.js';
import type { Actor } from '../platform/auth/actor.js';
import type { AuditAction } from '../platform/auth/audit_actions.js';
import { Clock } from '../platform/clock.js';
import { Database, type Unit } from '../platform/db/database.js';
import { WrongState } from '../platform/errors.js';
import { Jobs } from '../platform/queue/jobs.js';
import { Distribution } from '../ledger/distribution.entity.js';
import { tellOf, wake } from './changed_distribution.js';
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
import { stopMessage, stopMessages } from '../planning/stopping.js';
import { lockPlanning, rivalsOf } from '../audiences/exclusion.sql.js';
import { hourOf } from '../limits/weekly_buckets.sql.js';
import { WeeklyLimits } from '../limits/weekly_limits.service.js';

const TOOK_MEANWHILE =
  'Nobody is left to try again: since then these people got the very same mail, or as many mails as the frequency rules allow.';

type Requeue = (unit: Unit, distribution: Distribution, wish: RequeueWish) => Promise<Requeued>;

/** Pause, resume, cancel, try again, delete: what people do to a distribution on its way. */
@Injectable()
export class SteeringService {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly distributions: FoundDistributions,
    private readonly limits: WeeklyLimits,
    private readonly jobs: Jobs,
    private readonly audit: AuditService,
  ) {}

  /** Stops at the wire: what is on it ends, nothing more is put there. */
  pause(actor: Actor, id: string): Promise<Distribution> {
    return this.steer(actor, id, 'distribution.pause', (distribution) => distribution.pause(this.clock.now()));
  }

  resume(actor: Actor, id: string): Promise<Distribution> {
    return this.steer(actor, id, 'distribution.resume', async (distribution, unit) => {
      await waiveGuard(unit, id);
      distribution.resume(this.clock.now());
      wake(this.jobs, distribution);
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
      await this.audit.record(unit, actor, 'distribution.cancel', `distribution ${followUp.id}`, {
        after: { status: followUp.status },
      });
      await tellOf(unit, followUp);
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
      wake(this.jobs, distribution);
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
        wake(this.jobs, distribution);
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
      await this.limits.reserveIn(unit, distribution.payer, unpaid, distribution.timeZone, now);
      wake(this.jobs, distribution);
      sent = queued;
      return messageId ? { message: messageId } : {};
    });
    return sent;
  }

  private async awaken(unit: Unit, distribution: Distribution): Promise<void> {
    for (const followUp of await awakenFollowUps(unit, distribution, this.clock.now())) {
      await tellOf(unit, followUp);
    }
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
      await this.audit.record(unit, actor, action, `distribution ${id}`, {
        after: { status: distribution.status, ...told },
      });
      await tellOf(unit, distribution);
      return distribution;
    });
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
