import { Injectable } from '@nestjs/common';
import { DisclosuresService } from '../responses/disclosures.service.js';
import { Outlooks } from '../planning/outlooks.service.js';
import type { Outlook } from '../planning/outlooks.sql.js';
import type { Finding } from '../planning/finding.js';
import { disclosedReasons } from '../ledger/recipients/disclosed_rows.js';
import { SendingChecks } from '../planning/sending_checks.js';
import { FoundDistributions, SENDING_RIGHTS } from '../ledger/found_distributions.service.js';
import type { Actor } from '../platform/auth/actor.js';
import { Database } from '../platform/db/database.js';

/** What the page before sending shows: findings, exact numbers. */
export interface Review {
  findings: Finding[];
  /** Undefined while a long list is being counted. */
  outlook: Outlook | undefined;
}

/** The look at a distribution before it is sent. */
@Injectable()
export class ReviewsService {
  constructor(
    private readonly database: Database,
    private readonly found: FoundDistributions,
    private readonly checks: SendingChecks,
    private readonly outlooks: Outlooks,
    private readonly disclosures: DisclosuresService,
  ) {}

  /** What would happen if it were sent now; exact, nothing is written. */
  async of(actor: Actor, id: string): Promise<Review> {
    return this.database.inBrand(actor.brandId, async (unit) => {
      const found = await this.found.mustFindIn(unit, actor, id, SENDING_RIGHTS);
      const findings = await this.checks.findings(unit, found.distribution);
      const outlook = await this.outlooks.of(unit, found.distribution);
      const disclosure = this.disclosures.towards(actor, found);
      const told = outlook && { ...outlook, skipped: disclosedReasons(disclosure, outlook.skipped) };
      return { findings, outlook: told };
    });
  }
}
