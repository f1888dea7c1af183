import { Injectable } from '@nestjs/common';
import { figure } from '../platform/figures.js';
import { exactTime } from '../platform/web/moments.js';
import { Views } from '../platform/web/views.js';
import type { Actor } from '../platform/auth/actor.js';
import { freeAgainAt } from './weekly_buckets.sql.js';
import { type Allowance, WeeklyLimits } from './weekly_limits.service.js';

const NEARLY = 0.8;

/** What is left of the weekly limits, wherever a sending can start: `shared/_meter`. */
@Injectable()
export class LimitMeters {
  constructor(
    private readonly limits: WeeklyLimits,
    private readonly views: Views,
  ) {}

  /** @param mails what the sending in question takes; 0 shows what is used as it is */
  async of(actor: Actor, mails = 0): Promise<object[]> {
    const allowances = await this.limits.of(actor.brandId, actor.userId);
    return allowances.map((allowance) => this.meter(actor, allowance, mails));
  }

  private meter(actor: Actor, { scope, limit, used, left, buckets }: Allowance, mails: number): object {
    const say = (key: string, values = {}): string => this.say(key, values);
    const after = used + mails;
    const numbers = {
      used: figure(used),
      mails: figure(mails),
      after: figure(after),
      left: figure(left),
      limit: figure(limit),
    };
    return {
      label: say(`review.limit.${scope}`),
      count: say(mails === 0 ? 'review.limit.now' : 'review.limit.after', numbers),
      value: Math.min(after, limit),
      max: Math.max(limit, 1),
      low: Math.floor(limit * NEARLY),
      high: Math.max(limit - 1, 0),
      note: [...(mails === 0 ? [] : [say('review.limit.before', numbers)]), ...this.nextFree(actor, buckets)].join(
        ' · ',
      ),
    };
  }

  /** What comes back first. */
  private nextFree(actor: Actor, buckets: Allowance['buckets']): string[] {
    const [oldest] = buckets;
    return oldest === undefined
      ? []
      : [
          this.say('review.limit.free', {
            n: figure(oldest.reserved),
            when: exactTime(freeAgainAt(oldest), actor.timeZone),
          }),
        ];
  }

  private say(key: string, values: Record<string, unknown> = {}): string {
    return this.views.words.t(`distributions.${key}`, values);
  }
}
