import { Injectable } from '@nestjs/common';
import { Clock } from '../platform/clock.js';
import { Config } from '../platform/config.js';
import { Database } from '../platform/db/database.js';

const BATCH = 500;
const DAY_MS = 86_400_000;
/** What was found in a mail that came back is kept so much longer than its words: a year and the month before it. */
const FACTS_DAYS = 400;

/**
 * Forgets mails by age: the words of those that came back (what was found in them stays, and the ledger), those about
 * messages that are gone, and those of the development mailbox. A few hundred rows a transaction, safe to run twice.
 */
@Injectable()
export class RetentionService {
  constructor(
    private readonly config: Config,
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  async forget(): Promise<void> {
    const words = this.daysAgo(this.config.INBOUND_KEEP_DAYS);
    const facts = this.daysAgo(Math.max(FACTS_DAYS, this.config.INBOUND_KEEP_DAYS));
    for (const brandId of await this.brands('find_brands_with_aged_mails($1, $2)', [words, facts])) {
      await this.inBatches(brandId, FORGET_WORDS, [words, this.clock.now()]);
      await this.inBatches(brandId, FORGET_FACTS, [facts]);
      await this.inBatches(brandId, FORGET_DAYS, [words]);
    }
    await this.inBatches(undefined, FORGET_STRAYS, [this.daysAgo(this.config.STRAY_KEEP_DAYS)]);
    const mailbox = [this.daysAgo(this.config.MAILBOX_KEEP_DAYS), this.config.MAILBOX_KEEP_MAILS];
    for (const brandId of await this.brands('find_brands_with_mailbox_mails()', [])) {
      await this.inBatches(brandId, FORGET_MAILBOX, mailbox);
    }
  }

  private daysAgo(days: number): Date {
    return new Date(this.clock.ms() - days * DAY_MS);
  }

  private async brands(finder: string, values: unknown[]): Promise<string[]> {
    const rows = await this.database.outsideBrands((unit) =>
      unit.sql<{ brandId: string }>(`SELECT DISTINCT brand_id AS "brandId" FROM ${finder}`, values),
    );
    return rows.map(({ brandId }) => brandId);
  }

  private async inBatches(brandId: string | undefined, statement: string, values: unknown[]): Promise<void> {
    const run = (): Promise<number> =>
      brandId === undefined
        ? this.database.outsideBrands((unit) => unit.run(statement, values))
        : this.database.inBrand(brandId, (unit) => unit.run(statement, values));
    while ((await run()) === BATCH) {
      // The next batch is a transaction of its own.
    }
  }
}

/** Nothing that waits: what nobody has read, or the ledger has not taken over, or is to be forwarded. */
const SETTLED = "state = 'done' AND (forward_at IS NULL OR forwarded_at IS NOT NULL)";

const FORGET_WORDS = `UPDATE inbound_mails SET raw = '', excerpt = '', words_gone_at = $2 WHERE (brand_id, id) IN (
  SELECT brand_id, id FROM inbound_mails WHERE ${SETTLED} AND words_gone_at IS NULL AND received_at < $1
  ORDER BY received_at LIMIT ${BATCH} FOR UPDATE SKIP LOCKED)`;
const FORGET_FACTS = `DELETE FROM inbound_mails WHERE (brand_id, id) IN (
  SELECT brand_id, id FROM inbound_mails WHERE ${SETTLED} AND received_at < $1
  ORDER BY received_at LIMIT ${BATCH} FOR UPDATE SKIP LOCKED)`;
const FORGET_DAYS = `DELETE FROM inbound_days WHERE day < ($1::timestamptz AT TIME ZONE 'UTC')::date - 1`;
const FORGET_STRAYS = `DELETE FROM stray_mails WHERE id IN (
  SELECT id FROM stray_mails WHERE received_at < $1 ORDER BY id LIMIT ${BATCH} FOR UPDATE SKIP LOCKED)`;
/** Ids grow as time goes on: the oldest stand first. */
const FORGET_MAILBOX = `DELETE FROM mailbox_mails WHERE (brand_id, id) IN (
  SELECT brand_id, id FROM mailbox_mails
  WHERE received_at < $1 OR id <= (SELECT id FROM mailbox_mails ORDER BY id DESC OFFSET $2 LIMIT 1)
  ORDER BY brand_id, id LIMIT ${BATCH} FOR UPDATE SKIP LOCKED)`;
