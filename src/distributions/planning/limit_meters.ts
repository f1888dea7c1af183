import { Injectable } from '@nestjs/common';
import { DistributionWords, figure } from '../distribution_words.js';
import { type Allowance, WeeklyLimits } from './weekly_limits.service.js';

const NEARLY = 0.8;

/** What is left of the weekly limits, wherever a sending can start: `shared/_meter`. */
@Injectable()
export class LimitMeters {
  constructor(
    private readonly limits: WeeklyLimits,
    private readonly words: DistributionWords,
  ) {}

  /** @param mails what the sending in question takes; 0 shows what is used as it is */
  async of(brandId: string, userId: string, mails = 0): Promise<object[]> {
    return (await this.limits.of(brandId, userId)).map((allowance) => this.meter(allowance, mails));
  }

  private meter({ scope, limit, used, left }: Allowance, mails: number): object {
    const { say } = this.words;
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
      note: mails === 0 ? undefined : say('review.limit.before', numbers),
    };
  }
}
