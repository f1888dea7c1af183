import { Injectable } from '@nestjs/common';
import { Clock } from '../platform/clock.js';
import type { Unit } from '../platform/db/database.js';
import { DomainError, Invalid } from '../platform/errors.js';
import { Views } from '../platform/web/views.js';
import type { Distribution } from '../ledger/distribution.entity.js';
import { Outlooks } from './outlooks.service.js';
import { SendingChecks } from './sending_checks.js';

/** Whom a distribution goes to, to tell whether an edit changed that. */
export function askedBy({
  skipFinished,
  audience: { listId, segmentId, contactId, sample },
  plan: { duplicates },
}: Distribution): string {
  return JSON.stringify([listId, segmentId, contactId, sample, skipFinished, duplicates]);
}

/**
 * An edit of a scheduled mail keeps its place on the schedule. What was consented to is looked at again: the checks, and
 * how many get it where other people are chosen. What can't stay is refused as a whole: the mail goes as it was scheduled,
 * or its author takes it off.
 */
@Injectable()
export class Rescheduling {
  constructor(
    private readonly clock: Clock,
    private readonly checks: SendingChecks,
    private readonly outlooks: Outlooks,
    private readonly views: Views,
  ) {}

  /**
   * Schedules what was scheduled before the edit.
   * @param before whom it went to, by `askedBy`
   * @throws {Invalid} with the field `schedule`
   */
  async stay(unit: Unit, distribution: Distribution, before: string): Promise<void> {
    const now = this.clock.now();
    const { sendAt, waitsForAnother } = distribution;
    if (!waitsForAnother && (sendAt === null || sendAt <= now)) {
      throw this.refused('atOnce');
    }
    try {
      await this.checks.mustPass(unit, distribution);
    } catch (error) {
      throw error instanceof DomainError ? this.refused('checks', { why: error.message }) : error;
    }
    if (askedBy(distribution) !== before && (await this.isLarge(unit, distribution))) {
      throw this.refused('large');
    }
    distribution.schedule(now);
    await unit.flush();
  }

  /** A list that is still being counted may be large. */
  private async isLarge(unit: Unit, distribution: Distribution): Promise<boolean> {
    const { most } = await unit.one<{ most: number }>('SELECT confirm_above AS most FROM brands WHERE id = $1', [
      distribution.brandId,
    ]);
    const outlook = distribution.parentId === null ? await this.outlooks.of(unit, distribution) : { mails: 0 };
    return outlook === undefined || outlook.mails > most;
  }

  private refused(reason: 'atOnce' | 'checks' | 'large', values: Record<string, string> = {}): Invalid {
    const words = this.views.words.t(`distributions.form.staysNot.${reason}`, values);
    return new Invalid(words, { schedule: words });
  }
}
