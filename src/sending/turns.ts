import { Injectable } from '@nestjs/common';
import type { Unit } from '../platform/db/database.js';
import type { Distribution } from '../ledger/distribution.entity.js';
import { Releases } from '../planning/releases.service.js';
import { isOpen, nextOpen, type OpeningHours } from '../planning/sending_calendar.js';
import { gapMs } from '../ledger/sending_plan.js';
import { hoursOf, mailsAtOnce } from '../planning/timing.js';
import { holidaysOf, postpone } from '../planning/timing.sql.js';
import { WeeklyLimits } from '../limits/weekly_limits.service.js';
import { claim, type ClaimedMessage, type ClaimWish } from '../ledger/ledger.sql.js';
import { pacedUntil, paceUntil } from '../ledger/marks.sql.js';

/** After an idle time so much of the pace may be made up for at once. */
const TOLERANCE_MS = 5000;

/** A distribution's sending hours, looked up once a turn. */
export type Hours = OpeningHours | null;

/** What of a distribution may leave at this moment: its hours, its pace, and what its limits still cover. */
@Injectable()
export class Turns {
  constructor(
    private readonly limits: WeeklyLimits,
    private readonly releases: Releases,
  ) {}

  /** @returns its hours; undefined when a limit was lowered below what is used: then it is held from now on */
  async begin(unit: Unit, distribution: Distribution): Promise<Hours | undefined> {
    const seems = await this.limits.exceeded(unit, distribution.payer);
    if (seems !== undefined && (await this.releases.holdIfExceeded(unit, distribution.id))) {
      return undefined;
    }
    return distribution.plan.window === null
      ? null
      : hoursOf(distribution, await holidaysOf(unit, distribution.brandId));
  }

  /** Claims what may leave now; nothing outside the sending hours, and never more than the pace allows. */
  async claim(
    unit: Unit,
    distribution: Distribution,
    hours: Hours,
    wish: Omit<ClaimWish, 'distributionId'>,
  ): Promise<ClaimedMessage[]> {
    const {
      id: distributionId,
      timeZone,
      zones,
      plan: { window: sendingWindow },
    } = distribution;
    const byRecipient = hours !== null && sendingWindow?.zone === 'recipient';
    if (hours !== null && !byRecipient && !isOpen(hours, timeZone, wish.now)) {
      return [];
    }
    const open = byRecipient
      ? [...new Set([timeZone, ...zones])].filter((zone) => isOpen(hours, zone, wish.now))
      : null;
    const claimed = await this.paced(unit, distribution, wish.now, (size) =>
      claim(unit, { ...wish, distributionId, size: Math.min(size, wish.size), zones: open }),
    );
    if (byRecipient && claimed.length < wish.size) {
      await this.postponeClosed(unit, distribution, hours, wish.now);
    }
    return claimed;
  }

  /** The last turn's end: what the weekly limit held back goes on, or all of it waits for room. */
  afterTurn(unit: Unit, distribution: Distribution): Promise<void> {
    return this.releases.afterTurn(unit, distribution);
  }

  /** One moment for all processes: the row says when the next mail may leave. */
  private async paced(
    unit: Unit,
    distribution: Distribution,
    now: Date,
    take: (size: number) => Promise<ClaimedMessage[]>,
  ): Promise<ClaimedMessage[]> {
    const gap = gapMs(distribution.plan.pace, mailsAtOnce(distribution));
    if (gap === 0) {
      return take(Number.MAX_SAFE_INTEGER);
    }
    const until = await pacedUntil(unit, distribution.id);
    const earliest = now.getTime() - Math.max(gap, TOLERANCE_MS);
    const from = Math.max(until?.getTime() ?? earliest, earliest);
    const allowed = Math.floor((now.getTime() - from) / gap);
    const claimed = allowed < 1 ? [] : await take(allowed);
    if (claimed.length > 0) {
      await paceUntil(unit, distribution.id, new Date(Math.ceil(from + claimed.length * gap)));
    }
    return claimed;
  }

  private async postponeClosed(
    unit: Unit,
    { id, timeZone, zones }: Distribution,
    hours: OpeningHours,
    now: Date,
  ): Promise<void> {
    const openAgain = [...new Set([timeZone, ...zones])].flatMap((zone) => {
      const at = nextOpen(hours, zone, now);
      return at === undefined || at <= now ? [] : [{ zone, at }];
    });
    if (openAgain.length > 0) {
      await postpone(unit, id, now, openAgain);
    }
  }
}
