import { Injectable } from '@nestjs/common';
import { may } from '../../brands/access.js';
import type { Actor } from '../../platform/auth/actor.js';
import { Clock } from '../../platform/clock.js';
import { Database } from '../../platform/db/database.js';
import type { Distribution } from '../../ledger/distribution.entity.js';
import { readSegment } from '../../audiences/audience.sql.js';
import { firstMailed } from '../../audiences/verdicts.sql.js';
import { MailPreviews, type Sample, sampleOf } from '../content/mail_previews.service.js';

/** Those who will really get a draft, by the very rules of planning: what its last look before sending shows. */
@Injectable()
export class FirstReaders {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly previews: MailPreviews,
  ) {}

  /** A made-up one where nobody gets it, or nobody may be seen; once it is on its way, people of its list. */
  async of(actor: Actor, distribution: Distribution, count: number): Promise<Sample[]> {
    if (!distribution.isDraft) {
      return this.previews.samples(actor, distribution.audience, count);
    }
    const readers = may(actor, 'contacts:view') ? await this.found(distribution, count) : [];
    return readers.length === 0
      ? this.previews.samples(actor, { listId: null, segmentId: null, contactId: null }, count)
      : readers.map(sampleOf);
  }

  private async found(distribution: Distribution, count: number): ReturnType<typeof firstMailed> {
    return this.database.inBrand(distribution.brandId, async (unit) => {
      await readSegment(unit, distribution);
      return firstMailed(unit, distribution, this.clock.now(), count);
    });
  }
}
