import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import type { Unit } from '../../platform/db/database.js';
import { DomainError } from '../../platform/errors.js';
import type { Distribution } from '../../ledger/distribution.entity.js';
import { Releases } from '../../planning/releases.service.js';
import { SendingChecks } from '../../planning/sending_checks.js';
import { nextOpen } from '../../planning/sending_calendar.js';
import { hoursOf } from '../../planning/timing.js';
import { holidaysOf } from '../../planning/timing.sql.js';
import { WeeklyLimits } from '../../limits/weekly_limits.service.js';
import { stopMessages } from '../../planning/stopping.js';
import type { Followed } from './follow_ups.sql.js';

/** What stands in the way of a round; it is kept on the follow-up, because nobody sits in front of a page to read it. */
@Injectable()
export class RoundChecks {
  constructor(
    private readonly clock: Clock,
    private readonly checks: SendingChecks,
    private readonly releases: Releases,
    private readonly limits: WeeklyLimits,
  ) {}

  /** Whether nobody can be taken: the invitation is gone (EQD14), will never be sent (EQD16), or is still to come. */
  isPointless(followUp: Distribution, { deletedAt, sentAt, isInvitationOver }: Followed): boolean {
    const code = deletedAt !== null ? 'EQD14' : sentAt === null && isInvitationOver ? 'EQD16' : undefined;
    if (code !== undefined) {
      followUp.fail(code, this.checks.words({ code, level: 'error' }), this.clock.now());
    }
    return code !== undefined || sentAt === null;
  }

  /** Whether those who were due at a time may not be taken now: held, or failed for good. */
  async isHeldBack(unit: Unit, followUp: Distribution, dueAt: Date): Promise<boolean> {
    const now = this.clock.now();
    if (await this.checks.isSurveyPaused(unit, followUp)) {
      followUp.hold('survey_paused', this.checks.words({ code: 'hold_survey_paused', level: 'error' }), now);
    } else if (await this.isLate(unit, followUp, dueAt)) {
      this.releases.holdForLateness(followUp);
    } else {
      return this.isRefused(unit, followUp);
    }
    return true;
  }

  /** Nobody can come any more: it is done, or there never was anybody. */
  conclude(followUp: Distribution): void {
    if (followUp.plannedAt === null) {
      this.nobodyCame(followUp);
    } else {
      followUp.takeNoMore(this.clock.now());
    }
  }

  /** There never was anybody. */
  nobodyCame(followUp: Distribution): void {
    followUp.fail('CVS04', this.checks.nobodyLeft([]), this.clock.now());
  }

  /** What was over before it was written, or while somebody wanted it to wait, is not late. */
  private async isLate(unit: Unit, followUp: Distribution, dueAt: Date): Promise<boolean> {
    const {
      modifiedAt,
      nextRoundAt,
      timeZone,
      brandId,
      plan: { window: sendingWindow },
    } = followUp;
    const wanted = new Date(Math.max(dueAt.getTime(), modifiedAt.getTime(), nextRoundAt?.getTime() ?? 0));
    const hours = sendingWindow === null ? null : hoursOf(followUp, await holidaysOf(unit, brandId));
    const opens = hours === null ? wanted : (nextOpen(hours, timeZone, wanted) ?? wanted);
    return followUp.isLate(opens, this.clock.now());
  }

  private async isRefused(unit: Unit, followUp: Distribution): Promise<boolean> {
    try {
      await this.checks.mustPass(unit, followUp);
      return false;
    } catch (error) {
      if (!(error instanceof DomainError)) {
        throw error;
      }
      const now = this.clock.now();
      followUp.fail(error.code ?? 'CVS04', error.message, now);
      await unit.flush();
      await stopMessages(unit, this.limits, followUp, now);
      return true;
    }
  }
}
