import { Injectable } from '@nestjs/common';
import type { Actor } from '../../platform/auth/actor.js';
import { Clock } from '../../platform/clock.js';
import { Database } from '../../platform/db/database.js';
import { NotFound } from '../../platform/errors.js';
import { DisclosuresService } from '../../responses/disclosures.service.js';
import { FoundDistributions, type FoundDistribution } from '../found_distributions.service.js';
import { type Alert, alertsOf } from '../alerts.js';
import { disclosedReasons, disclosedRows, filterFor } from './disclosed_rows.js';
import {
  type AttemptRow,
  attemptsOf,
  embeddedNames,
  reasonsOf,
  type RecipientFilter,
  type RecipientRow,
  recipientsPage,
} from './recipients.sql.js';

const STREAM_PAGE = 2000;

/** Reads the ledger for people: rows, attempts, reasons, and all of it as a stream. Each reader gets what may leave for them. */
@Injectable()
export class RecipientsService {
  constructor(
    private readonly database: Database,
    private readonly distributions: FoundDistributions,
    private readonly disclosures: DisclosuresService,
    private readonly clock: Clock,
  ) {}

  /** One row more than `size`, so that the caller knows whether there are more. */
  async page(
    actor: Actor,
    filter: RecipientFilter,
    position: { size: number; after?: string | undefined; skip?: number | undefined },
  ): Promise<RecipientRow[]> {
    return this.database.inBrand(actor.brandId, async (unit) => {
      const found = await this.distributions.mustFindIn(unit, actor, filter.distributionId);
      const asked = filterFor(this.disclosures.towards(actor, found), filter);
      return this.disclosed(actor, found, await recipientsPage(unit, asked, position));
    });
  }

  /** One recipient with every try and the servers' words. */
  async mustFind(
    actor: Actor,
    distributionId: string,
    messageId: string,
  ): Promise<{ row: RecipientRow; attempts: AttemptRow[] }> {
    return this.database.inBrand(actor.brandId, async (unit) => {
      const found = await this.distributions.mustFindIn(unit, actor, distributionId);
      const [row] = this.disclosed(
        actor,
        found,
        await recipientsPage(unit, { distributionId, messageId }, { size: 1 }),
      );
      if (row === undefined) {
        throw new NotFound('This distribution has no such recipient.');
      }
      return { row, attempts: this.triesOf(actor, found, await attemptsOf(unit, messageId)) };
    });
  }

  async reasons(actor: Actor, distributionId: string): Promise<Awaited<ReturnType<typeof reasonsOf>>> {
    return this.database.inBrand(actor.brandId, async (unit) => {
      const disclosure = this.disclosures.towards(
        actor,
        await this.distributions.mustFindIn(unit, actor, distributionId),
      );
      return disclosedReasons(disclosure, await reasonsOf(unit, distributionId));
    });
  }

  async alerts(actor: Actor, distributionId: string): Promise<Alert[]> {
    return this.database.inBrand(actor.brandId, (unit) => alertsOf(unit, distributionId));
  }

  async embeddedNames(actor: Actor, distributionId: string): Promise<string[]> {
    return this.database.inBrand(actor.brandId, (unit) => embeddedNames(unit, distributionId));
  }

  /** Every recipient, in pages of one short transaction each: a long one would keep the ledger's dead rows alive. */
  async *all(actor: Actor, distributionId: string): AsyncIterable<RecipientRow[]> {
    const found = await this.distributions.mustFind(actor, distributionId);
    let after: string | undefined;
    for (;;) {
      const position = { size: STREAM_PAGE, after };
      const read = await this.database.inBrand(actor.brandId, (unit) =>
        recipientsPage(unit, { distributionId }, position),
      );
      const rows = this.disclosed(actor, found, read);
      const shown = rows.slice(0, STREAM_PAGE);
      if (shown.length > 0) {
        yield shown;
      }
      if (rows.length <= STREAM_PAGE) {
        return;
      }
      after = shown.at(-1)?.id;
    }
  }

  private disclosed(actor: Actor, found: FoundDistribution, rows: RecipientRow[]): RecipientRow[] {
    return disclosedRows(this.disclosures.towards(actor, found), found.distribution, rows, this.clock.now());
  }

  private triesOf(actor: Actor, found: FoundDistribution, attempts: AttemptRow[]): AttemptRow[] {
    const disclosure = this.disclosures.towards(actor, found);
    return found.distribution.tellsFinishing
      ? attempts.map((attempt) => ({
          ...attempt,
          startedAt: disclosure.following(attempt.startedAt) ?? attempt.startedAt,
          endedAt: disclosure.following(attempt.endedAt),
        }))
      : attempts;
  }
}
