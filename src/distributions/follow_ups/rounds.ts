import { Injectable } from '@nestjs/common';
import { LockMode } from '@mikro-orm/core';
import { Clock } from '../../platform/clock.js';
import { Config } from '../../platform/config.js';
import { Database, type Unit } from '../../platform/db/database.js';
import { failpoint } from '../../platform/failpoint.js';
import { Distribution } from '../../ledger/distribution.entity.js';
import type { DistributionKey } from '../../ledger/distribution.jobs.js';
import { RoundChecks } from './round_checks.js';
import { Additions } from './additions.js';
import { followedBy, type Followed } from './follow_ups.sql.js';
import { type Maturity, type Shift, type Slot, slotNumber, slotsOf } from '../../audiences/reached.sql.js';
import { laterOnTheWall } from '../../audiences/wall_days.js';

const HOUR_MS = 3_600_000;
/** Clocks jump by less, so that whoever is due soon is never looked at as somebody of a later day. */
const NEAR_MS = 27 * HOUR_MS;
/** While the invitation is under way it is looked again so often: the shortest time that is counted is an hour. */
const LOOK_MS = HOUR_MS / 2;
/** Rounds are so far apart, and further where each is a look at many people. */
const [LEAST_MS, MOST_MS] = [15_000, 300_000];

/** What a look has found: whose days are over, and when the next ones' are. */
interface Look {
  maturity: Maturity;
  /** When the first of those was due whose days are over; undefined: nobody's are. */
  dueAt: Date | undefined;
  next: Date | undefined;
}

/**
 * Reminders and thank-yous "days after": each person has their turn when their own days are over, by the wall clock. A
 * round takes all whose are, in statements over sets; nothing is kept for a person before that. Safe to run twice and
 * after a crash: the follow-up's row is locked, and nobody has two rows.
 */
@Injectable()
export class Rounds {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly checks: RoundChecks,
    private readonly additions: Additions,
    private readonly config: Config,
  ) {}

  async take(key: DistributionKey): Promise<void> {
    let maturity = await this.begin(key);
    while (maturity !== undefined) {
      maturity = (await this.batch(key, maturity)) ? maturity : await this.begin(key);
    }
  }

  /** Looks whose days are over. @returns undefined when nobody is to be taken now */
  private async begin(key: DistributionKey): Promise<Maturity | undefined> {
    return this.locked(key, async (unit, followUp) => {
      const followed = await followedBy(unit, followUp);
      if (this.checks.isPointless(followUp, followed)) {
        return undefined;
      }
      await this.additions.readZones(unit, followUp);
      const look = await this.look(unit, followUp, followed);
      if (look.dueAt === undefined) {
        this.wait(followUp, followed, look.next);
        return undefined;
      }
      if (await this.checks.isHeldBack(unit, followUp, look.dueAt)) {
        return undefined;
      }
      followUp.plannedThrough = '0';
      followUp.expectedMails = Math.max(followUp.expectedMails, followed.mails);
      return look.maturity;
    });
  }

  /** @returns whether there may be more */
  private async batch(key: DistributionKey, maturity: Maturity): Promise<boolean> {
    const hasMore = await this.locked(key, async (unit, followUp) => {
      const size = this.config.PLANNING_BATCH;
      await unit.planAnew();
      const { looked, last } = await this.additions.add(unit, followUp, { maturity }, size);
      followUp.plannedThrough = looked === size && last !== null ? last : '0';
      await unit.flush();
      failpoint('planned');
      return looked === size;
    });
    return hasMore === true;
  }

  private async look(unit: Unit, followUp: Distribution, { counted }: Followed): Promise<Look> {
    const [now, hours] = [this.clock.now(), followUp.afterHours ?? 0];
    const near = new Date(now.getTime() - hours * HOUR_MS + NEAR_MS);
    const slots = (await slotsOf(unit, followUp, counted, near)).map((slot) => ({ ...slot, ...dueOf(slot, hours) }));
    const over = slots.filter(({ readiness, due }) => readiness === 'ready' && due <= now);
    const coming = slots.flatMap(({ readiness, due }) =>
      readiness === 'waits' ? [new Date(now.getTime() + LOOK_MS)] : due > now ? [due] : [],
    );
    const maturity = { counted, shifts: over.map(({ shift }) => shift), now };
    return { maturity, dueAt: earliest(over.map(({ due }) => due)), next: earliest(coming) };
  }

  /** Until the next ones' days are over; or for ever, when nobody can come any more. */
  private wait(followUp: Distribution, { isOver, mails }: Followed, next: Date | undefined): void {
    const now = this.clock.now();
    if (isOver && next === undefined) {
      this.checks.conclude(followUp);
      return;
    }
    const again = new Date(now.getTime() + LOOK_MS);
    const at = isOver ? next! : (earliest([again, ...(next === undefined ? [] : [next])]) ?? again);
    const soonest = now.getTime() + Math.min(MOST_MS, Math.max(LEAST_MS, mails));
    followUp.waitUntil(new Date(Math.max(soonest, at.getTime())));
  }

  /** @returns undefined where it takes nobody now */
  private locked<T>(
    { brandId, distributionId: id }: DistributionKey,
    act: (unit: Unit, followUp: Distribution) => Promise<T | undefined>,
  ): Promise<T | undefined> {
    return this.database.inBrand(brandId, async (unit) => {
      const followUp = await unit.em.findOne(
        Distribution,
        { id, status: { $in: ['scheduled', 'sending'] }, deletedAt: null, takesMore: true },
        { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true },
      );
      if (followUp === null || !followUp.isPerPerson) {
        return undefined;
      }
      const result = await act(unit, followUp);
      await unit.flush();
      return result;
    });
  }
}

function dueOf({ zone, first }: Slot, hours: number): { due: Date; shift: Shift } {
  const due = laterOnTheWall(first, hours, zone);
  return { due, shift: { zone, slot: slotNumber(first), seconds: (due.getTime() - first.getTime()) / 1000 } };
}

function earliest(times: Date[]): Date | undefined {
  return times.length === 0 ? undefined : new Date(Math.min(...times.map((at) => at.getTime())));
}
