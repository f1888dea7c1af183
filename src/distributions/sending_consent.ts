import { Injectable } from '@nestjs/common';
import { BrandsService } from '../brands/brands.service.js';
import type { Actor } from '../platform/auth/actor.js';
import { Database } from '../platform/db/database.js';
import type { Distribution } from '../ledger/distribution.entity.js';
import { DistributionWords, titleOf } from '../ledger/distribution_words.js';
import type { FoundDistribution } from '../ledger/found_distributions.service.js';
import { Outlooks } from '../planning/outlooks.service.js';

/** What makes mails leave, beside sending a draft: each is a POST of its own below the mail's address. */
export const STARTS = ['resume', 'late', 'retry', 'resend', 'waves', 'hasten'] as const;
export type Start = (typeof STARTS)[number];

/** How many of those that are in the ledger may leave by a start. */
const IN_LEDGER: Readonly<Record<Exclude<Start, 'late' | 'hasten'>, (found: FoundDistribution) => number>> = {
  resume: ({ distribution, tallies }) => (distribution.status === 'paused' ? waiting(tallies) : 0),
  retry: ({ distribution, tallies }) => (distribution.canRetryFailed ? tallies.failed : 0),
  resend: ({ distribution, tallies }) => (distribution.canRetryFailed ? tallies.undecided : 0),
  waves: ({ distribution }) => (distribution.hasEndedWaves ? distribution.wavesUnsent : 0),
};

/** How many mails are to be confirmed; undefined while a long list is being counted. */
export interface Asked {
  mails: number | undefined;
}

/** Large sendings are confirmed by typing how many get it, or what it is called, wherever a person starts one. */
@Injectable()
export class SendingConsent {
  constructor(
    private readonly database: Database,
    private readonly brands: BrandsService,
    private readonly outlooks: Outlooks,
    private readonly words: DistributionWords,
  ) {}

  /** Whether nothing needs to be typed to send a draft, or the right thing was. */
  async isGiven(actor: Actor, draft: Distribution, typed: string): Promise<boolean> {
    return (await this.unanswered(actor, draft, await this.outlookMails(actor, draft), typed)) === undefined;
  }

  /** What is still to be typed before this start may happen; undefined: nothing, or the right thing was typed. */
  async askedBefore(actor: Actor, start: Start, found: FoundDistribution, typed: string): Promise<Asked | undefined> {
    return this.unanswered(actor, found.distribution, await this.mailsOf(actor, start, found), typed);
  }

  private async unanswered(
    { brandId }: Actor,
    distribution: Distribution,
    mails: number | undefined,
    typed: string,
  ): Promise<Asked | undefined> {
    const { confirmAbove } = await this.brands.of(brandId);
    const number = typed.replaceAll(/[\s.,’']/g, '');
    const isSmall = mails !== undefined && mails <= confirmAbove;
    const isTyped = typed.trim() === titleOf(distribution, this.words.say) || number === String(mails);
    return isSmall || isTyped ? undefined : { mails };
  }

  /** Those that may leave by it. Zero where the start will be refused: then there is nothing to confirm. */
  private async mailsOf(actor: Actor, start: Start, found: FoundDistribution): Promise<number | undefined> {
    const { distribution, tallies } = found;
    if (start === 'late') {
      return distribution.isHeldForLateness ? this.lateMails(actor, distribution, waiting(tallies)) : 0;
    }
    if (start === 'hasten') {
      return isFollowUpAhead(distribution) ? this.outlookMails(actor, distribution) : 0;
    }
    return IN_LEDGER[start](found);
  }

  /** Before its start nobody is in the ledger yet, and while it is planned only some are. */
  private async lateMails(actor: Actor, distribution: Distribution, inLedger: number): Promise<number | undefined> {
    const { plannedAt, expectedMails } = distribution;
    if (plannedAt !== null) {
      return inLedger;
    }
    return expectedMails > 0 ? expectedMails : this.outlookMails(actor, distribution);
  }

  private async outlookMails({ brandId }: Actor, distribution: Distribution): Promise<number | undefined> {
    const outlook = await this.database.inBrand(brandId, (unit) => this.outlooks.of(unit, distribution));
    return outlook?.mails;
  }
}

function waiting({ planned, queued, leased }: FoundDistribution['tallies']): number {
  return planned + queued + leased;
}

function isFollowUpAhead({ parentId, plannedAt, status }: Distribution): boolean {
  return parentId !== null && plannedAt === null && (status === 'draft' || status === 'scheduled');
}
