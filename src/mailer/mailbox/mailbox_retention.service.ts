import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { Config } from '../../platform/config.js';
import { BATCH, brandsFoundBy, inBatches } from '../../platform/db/batches.js';
import { Database } from '../../platform/db/database.js';

const DAY_MS = 86_400_000;

/** Forgets mails of the development mailbox that are old, or too many. Safe to run twice. */
@Injectable()
export class MailboxRetentionService {
  constructor(
    private readonly config: Config,
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  async forget(): Promise<void> {
    const before = new Date(this.clock.ms() - this.config.MAILBOX_KEEP_DAYS * DAY_MS);
    for (const brandId of await brandsFoundBy(this.database, 'find_brands_with_mailbox_mails()')) {
      await inBatches(this.database, brandId, FORGET_MAILBOX, [before, this.config.MAILBOX_KEEP_MAILS]);
    }
  }
}

/** Ids grow as time goes on: the oldest stand first. */
const FORGET_MAILBOX = `DELETE FROM mailbox_mails WHERE (brand_id, id) IN (
  SELECT brand_id, id FROM mailbox_mails
  WHERE received_at < $1 OR id <= (SELECT id FROM mailbox_mails ORDER BY id DESC OFFSET $2 LIMIT 1)
  ORDER BY brand_id, id LIMIT ${BATCH} FOR UPDATE SKIP LOCKED)`;
