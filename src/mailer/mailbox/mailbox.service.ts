import { Injectable } from '@nestjs/common';
import type { Actor } from '../../platform/auth/actor.js';
import { Clock } from '../../platform/clock.js';
import { Database } from '../../platform/db/database.js';
import { readMail } from '../mime/mime_tree.js';

/** A mail as the development mailbox got it. */
export interface ReceivedMail {
  sender: string;
  recipient: string;
  raw: Buffer;
}

/** A mail in the list. */
export interface KeptMail {
  id: string;
  receivedAt: Date;
  recipient: string;
  subject: string;
}

/** A mail with everything. */
export interface WholeMail extends KeptMail {
  sender: string;
  raw: Buffer;
}

const COLUMNS = 'id, received_at AS "receivedAt", rcpt_to AS recipient, subject';
const MISSING = 'This mail is not in your mailbox. Mails are removed from it after some days.';

/** Mails that did not leave the machine. Row-level security keeps each brand to its own. */
@Injectable()
export class MailboxService {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  async keep(brandId: string, { sender, recipient, raw }: ReceivedMail): Promise<void> {
    const subject = subjectOf(raw);
    await this.database.inBrand(brandId, (unit) =>
      unit.prepared(
        'mailbox-keep',
        `INSERT INTO mailbox_mails (brand_id, received_at, mail_from, rcpt_to, subject, raw) VALUES ($1, $2, $3, $4, $5, $6)`,
        [brandId, this.clock.now(), sender, recipient, subject, raw],
      ),
    );
  }

  /** The newest mails, or those older than `before`; one more than `size` where there are more. */
  list(actor: Actor, size: number, before?: string): Promise<KeptMail[]> {
    return this.database.inBrand(actor.brandId, (unit) =>
      unit.sql<KeptMail>(
        `SELECT ${COLUMNS} FROM mailbox_mails WHERE brand_id = $1 AND ($2::bigint IS NULL OR id < $2) ORDER BY id DESC LIMIT $3`,
        [actor.brandId, before ?? null, size + 1],
      ),
    );
  }

  /** What came in after the mail with this id, newest first. */
  since(actor: Actor, id: string): Promise<KeptMail[]> {
    return this.database.inBrand(actor.brandId, (unit) =>
      unit.sql<KeptMail>(
        `SELECT ${COLUMNS} FROM mailbox_mails WHERE brand_id = $1 AND id > $2 ORDER BY id DESC LIMIT 100`,
        [actor.brandId, id],
      ),
    );
  }

  async count(actor: Actor): Promise<number> {
    const rows = await this.database.inBrand(actor.brandId, (unit) =>
      unit.sql<{ n: string }>('SELECT count(*) AS n FROM mailbox_mails WHERE brand_id = $1', [actor.brandId]),
    );
    return Number(rows[0]?.n ?? 0);
  }

  /** @throws {NotFound} */
  open(actor: Actor, id: string): Promise<WholeMail> {
    const number = /^\d{1,18}$/.test(id) ? id : '0';
    return this.database.inBrand(actor.brandId, (unit) =>
      unit.one<WholeMail>(
        `SELECT ${COLUMNS}, mail_from AS sender, raw FROM mailbox_mails WHERE brand_id = $1 AND id = $2`,
        [actor.brandId, number],
        MISSING,
      ),
    );
  }

  async clear(actor: Actor): Promise<number> {
    return this.database.inBrand(actor.brandId, (unit) =>
      unit.run('DELETE FROM mailbox_mails WHERE brand_id = $1', [actor.brandId]),
    );
  }
}

/** Only the headers are read: parsing whole mails would cost more than taking them in. */
function subjectOf(raw: Buffer): string {
  const end = raw.indexOf('\r\n\r\n');
  return readMail(raw.subarray(0, end < 0 ? 0 : end + 4))
    .headers.text('subject')
    .toWellFormed()
    .slice(0, 1000);
}
