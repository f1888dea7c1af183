import { Injectable } from '@nestjs/common';
import { AuditService } from '../../brands/audit.service.js';
import type { Actor } from '../../platform/auth/actor.js';
import type { AuditAction } from '../../platform/auth/audit_actions.js';
import { Clock } from '../../platform/clock.js';
import { Database } from '../../platform/db/database.js';
import { Invalid, WrongState } from '../../platform/errors.js';
import type { Distribution } from '../../ledger/distribution.entity.js';
import { FoundDistributions } from '../../ledger/found_distributions.service.js';
import { endOfDay, lastDayFault, linkDaysOf } from '../../links/link_ends.js';
import type { LastLonger } from './personal_links.forms.js';
import { type ChangedLinks, extend, reissue, revoke } from './link_changes.sql.js';

const DAY_MS = 86_400_000;
const BATCH = 20_000;

/** Revoke, extend, make anew: what an owner does to links that are out, one or all of a distribution. */
@Injectable()
export class LinkChanges {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly distributions: FoundDistributions,
    private readonly audit: AuditService,
  ) {}

  /** @returns how many */
  async revoke(actor: Actor, links: ChangedLinks): Promise<number> {
    await this.mustHaveLinks(actor, links);
    return this.recorded(actor, 'links.revoke', links, () =>
      this.database.inBrand(actor.brandId, (unit) => revoke(unit, links, this.clock.now())),
    );
  }

  /** @returns how many last longer now */
  async extend(actor: Actor, links: ChangedLinks, longer: LastLonger): Promise<number> {
    await this.mustHaveLinks(actor, links);
    const until = this.until(actor, longer);
    return this.recorded(actor, 'links.extend', links, () =>
      this.database.inBrand(actor.brandId, (unit) => extend(unit, links, until)),
    );
  }

  /** Whoever has finished keeps the old one, which is spent. @returns how many were made */
  async reissue(actor: Actor, links: ChangedLinks, longer: LastLonger): Promise<number> {
    const { status } = await this.mustHaveLinks(actor, links);
    if (status === 'planning') {
      throw new WrongState('The links are still being made. Try again when they are done.');
    }
    const until = this.until(actor, longer);
    return this.recorded(actor, 'links.reissue', links, () => this.inBatches(actor, links, until));
  }

  private async inBatches(actor: Actor, links: ChangedLinks, until: Date): Promise<number> {
    const began = this.clock.now();
    let after = '0';
    let made = 0;
    for (;;) {
      const position = { now: began, began, until, after, size: BATCH };
      const { count, last } = await this.database.inBrand(actor.brandId, (unit) => reissue(unit, links, position));
      made += count;
      after = last ?? after;
      if (count < BATCH) {
        return made;
      }
    }
  }

  private async mustHaveLinks(actor: Actor, { distributionId }: ChangedLinks): Promise<Distribution> {
    const { distribution } = await this.distributions.mustFind(actor, distributionId, ['distributions:send']);
    if (distribution.linkType === 'Anonymous' || distribution.parentId !== null) {
      throw new WrongState('This distribution has no links of its own.');
    }
    return distribution;
  }

  /** A day that is named wins over the number of days, which the form begins with. */
  private until({ timeZone }: Actor, { days, until }: LastLonger): Date {
    if (until !== '') {
      const fault = lastDayFault(until, timeZone, this.clock.now());
      if (fault !== undefined) {
        throw new Invalid(fault, { until: fault });
      }
      return endOfDay(until, timeZone)!;
    }
    const count = linkDaysOf(days);
    if (count === undefined) {
      throw new Invalid('Write a whole number of days, from 1 to 3,650.', { days: 'Write a whole number of days.' });
    }
    return new Date(this.clock.ms() + count * DAY_MS);
  }

  private async recorded(
    actor: Actor,
    action: AuditAction,
    { distributionId, messageId }: ChangedLinks,
    act: () => Promise<number>,
  ): Promise<number> {
    const count = await act();
    const what = messageId === null ? `distribution ${distributionId}` : `recipient ${messageId}`;
    await this.database.inBrand(actor.brandId, (unit) =>
      this.audit.record(unit, actor, action, what, { after: { count } }),
    );
    return count;
  }
}
