import { tellOf } from '../ledger/live/distribution.topics.js';
import { randomUUID } from 'node:crypto';
import { type BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import { LockMode } from '@mikro-orm/core';
import { Clock } from '../platform/clock.js';
import { Config } from '../platform/config.js';
import { Database, type Unit } from '../platform/db/database.js';
import { failpoint } from '../platform/failpoint.js';
import { Jobs } from '../platform/queue/jobs.js';
import { Distribution } from '../ledger/distribution.entity.js';
import { dispatchDistribution, type DistributionKey } from '../ledger/distribution.jobs.js';
import { notePause } from '../ledger/own_pauses.sql.js';
import { type ClaimedMessage, giveUpLeases, hasOpenMessages } from '../ledger/ledger.sql.js';
import { putOff } from '../ledger/put_off.sql.js';
import { type Closure, Ports } from './port.js';
import { SendingRun } from './sending_run.js';
import { Slices } from './slices.js';
import { stopMessages } from '../planning/stopping.js';
import { type Hours, Turns } from './turns.js';
import { WeeklyLimits } from '../limits/weekly_limits.service.js';

/** Batches under way at once, so that connections never wait for the next one. */
const STRANDS = 2;
/** A reminder that comes later than this is a nuisance. */
const REMINDER_RETRIES_MS = 24 * 3_600_000;

/**
 * Sends what is due of one distribution. Runs in any number of processes at once: a lease token says whose a message
 * is, the gate commits each one before its body leaves, and whatever a dead process held is swept up later.
 */
@Injectable()
export class DispatchingService implements BeforeApplicationShutdown {
  private readonly log = new Logger(DispatchingService.name);
  private readonly runs = new Set<SendingRun>();
  private readonly slices: Slices;
  private isStopping = false;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly config: Config,
    private readonly ports: Ports,
    private readonly limits: WeeklyLimits,
    private readonly jobs: Jobs,
    private readonly turns: Turns,
  ) {
    this.slices = new Slices(() => performance.now()); // a span, which no jump of the clock may stretch
  }

  /** What is on the wire is finished, nothing more is put there. */
  beforeApplicationShutdown(): void {
    this.isStopping = true;
    this.runs.forEach((run) => run.stop());
  }

  async dispatch(key: DistributionKey): Promise<void> {
    const opened = await this.open(key);
    if (opened === undefined) {
      return;
    }
    const { run, hours } = opened;
    this.runs.add(run);
    try {
      const { ms, batch } = this.slices.sliceFor(key);
      const turn = { hours, until: performance.now() + ms, size: batch };
      await Promise.all(Array.from({ length: STRANDS }, () => this.strand(run, turn)));
    } finally {
      this.runs.delete(run);
    }
    await this.close(run, key);
  }

  private async open({
    brandId,
    distributionId,
  }: DistributionKey): Promise<{ run: SendingRun; hours: Hours } | undefined> {
    const found = await this.database.inBrand(brandId, async (unit) => {
      const distribution = await unit.em.findOne(Distribution, { id: distributionId, status: 'sending' });
      const [survey] = await unit.sql<{ until: Date | null }>(
        'SELECT available_until AS until FROM surveys WHERE id = $1',
        [distribution?.surveyId ?? '0'],
      );
      const hours = distribution === null ? undefined : await this.turns.begin(unit, distribution);
      return { distribution, hours, surveyEnd: survey?.until ?? null };
    });
    const { distribution, hours } = found;
    if (distribution === null || hours === undefined || this.isStopping) {
      return undefined;
    }
    const { limits } = this;
    const port = this.ports.of(distribution);
    const prepared = await port.prepared(distribution);
    if (prepared === undefined) {
      return undefined;
    }
    const run = new SendingRun({ database: this.database, clock: this.clock, limits, port }, distribution, prepared, {
      wireMs: this.config.WIRE_SECONDS * 1000,
      resendAfterMs: this.config.RESEND_SECONDS * 1000,
      lastChance: distribution.requestType === 'ThankYou' ? null : earlier(linkEnd(distribution), found.surveyEnd),
      giveUpMs: distribution.requestType === 'Reminder' ? REMINDER_RETRIES_MS : undefined,
    });
    return { run, hours };
  }

  /** One batch after the other until the slice is over, nothing is due, or the way is closed. */
  private async strand(run: SendingRun, turn: Turn): Promise<void> {
    while (run.isOpen && performance.now() < turn.until) {
      const token = randomUUID();
      const batch = await this.claimed(run, turn, token);
      failpoint('claimed');
      run.sawWork ||= batch.length > 0;
      if (batch.length === 0) {
        return;
      }
      try {
        await run.send(batch);
      } finally {
        if (!run.isOpen) {
          const { distribution } = run;
          await this.database.inBrand(distribution.brandId, async (unit) => {
            const n = await giveUpLeases(unit, token);
            await this.ports.of(distribution).cameBack(unit, { distribution, n, now: this.clock.now() });
          });
        }
      }
      if (batch.length < turn.size) {
        return;
      }
    }
  }

  /** What may leave now; providers that want to be left alone keep their messages waiting and nobody else's. */
  private async claimed({ distribution }: SendingRun, turn: Turn, token: string): Promise<ClaimedMessage[]> {
    const port = this.ports.of(distribution);
    const absences = await port.absences(distribution);
    const avoided = absences.flatMap(({ domains }) => domains);
    const now = this.clock.now();
    const leaseUntil = new Date(now.getTime() + this.config.LEASE_SECONDS * 1000);
    return this.database.inBrand(distribution.brandId, async (unit) => {
      await putOff(unit, distribution.id, now, absences);
      return port.within(unit, { distribution, n: turn.size, now }, (size) =>
        this.turns.claim(unit, distribution, turn.hours, { token, now, leaseUntil, size, avoided }),
      );
    });
  }

  private async close(run: SendingRun, key: DistributionKey): Promise<void> {
    const isWaiting = await this.database.inBrand(key.brandId, async (unit) => {
      const distribution = await unit.em.findOne(
        Distribution,
        { id: key.distributionId, status: 'sending' },
        { lockMode: LockMode.PESSIMISTIC_WRITE },
      );
      if (distribution === null) {
        return false;
      }
      return this.conclude(unit, distribution, run);
    });
    if (isWaiting && run.sawWork && !this.isStopping) {
      this.jobs.later(dispatchDistribution, key);
    }
  }

  /** @returns whether it goes on sending */
  private async conclude(unit: Unit, distribution: Distribution, run: SendingRun): Promise<boolean> {
    const now = this.clock.now();
    // A way that is closed because this process stops is open again for the next one.
    if (run.closure !== undefined && !this.isStopping) {
      await this.shut(unit, distribution, run.closure);
      this.log.warn(`distribution ${distribution.id} ${distribution.status}: ${distribution.errorText ?? ''}`);
    } else if (!(await hasOpenMessages(unit, distribution.id))) {
      distribution.finish(now);
    } else {
      await this.turns.afterTurn(unit, distribution);
    }
    await unit.flush();
    tellOf(unit, distribution);
    return distribution.status === 'sending';
  }

  private async shut(unit: Unit, distribution: Distribution, closure: Closure): Promise<void> {
    const now = this.clock.now();
    if ('code' in closure) {
      distribution.fail(closure.code, closure.words, now);
      await stopMessages(unit, this.limits, distribution, now);
    } else if ('pause' in closure) {
      distribution.pause(now);
      distribution.errorText = closure.words;
      await notePause(unit, distribution.id, closure.pause);
    } else {
      distribution.hold(closure.reason, closure.words, now);
    }
  }
}

/** How one turn of a distribution is cut. */
interface Turn {
  hours: Hours;
  until: number;
  /** Of a batch. */
  size: number;
}

function linkEnd({ linkType, linkExpiresAt }: Distribution): Date | null {
  return linkType === 'Anonymous' ? null : linkExpiresAt;
}

function earlier(one: Date | null, other: Date | null): Date | null {
  return one === null || (other !== null && other < one) ? other : one;
}
