import { Injectable } from '@nestjs/common';
import { Clock } from '../platform/clock.js';
import { Config } from '../platform/config.js';
import { BATCH, brandsFoundBy, inBatches } from '../platform/db/batches.js';
import { Database } from '../platform/db/database.js';

const DAY_MS = 86_400_000;
/** What was found in a mail that came back is kept so much longer than its words: a year and the month before it. */
const FACTS_DAYS = 400;

/**
 * Forgets what came back by age: the words of mails (what was found in them stays, and the ledger), and those about
 * messages that are gone. A few hundred rows a transaction, safe to run twice.
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
    for (const brandId of await brandsFoundBy(this.database, 'find_brands_with_aged_mails($1, $2)', [words, facts])) {
      await inBatches(this.database, brandId, FORGET_WORDS, [words, this.clock.now()]);
      await inBatches(this.database, brandId, FORGET_FACTS, [facts]);
      await inBatches(this.database, brandId, FORGET_DAYS, [words]);
    }
    await inBatches(this.database, undefined, FORGET_STRAYS, [this.daysAgo(this.config.STRAY_KEEP_DAYS)]);
  }

  private daysAgo(days: number): Date {
    return new Date(this.clock.ms() - days * DAY_MS);
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
