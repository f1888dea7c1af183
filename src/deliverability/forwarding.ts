import { Injectable } from '@nestjs/common';
import { type ReplyContent, readReply } from '../inbound/reading/reply_content.js';
import { MailerService } from '../mailer/mailer.service.js';
import { Config } from '../platform/config.js';
import { domainOf } from '../platform/email_address.js';
import { Views } from '../platform/web/views.js';
import type { Say } from '../platform/web/words.js';
import { carriedBy, type Carried } from './reply_forwarding.sql.js';
import { forwardedHtml } from './forwarded_reply.js';
import { Clock } from '../platform/clock.js';
import { Database } from '../platform/db/database.js';

interface Reply {
  id: string;
  author: string;
  from: string;
  subject: string;
  text: string;
  raw: Buffer;
  receivedAt: Date;
}

const AT_ONCE = 20;
/** Of a mail that was longer the end is not there. */
const KEPT_BYTES = 262_144;
const VERP = /^[bu]-[a-z2-7]{20,}@/i;
/** A conversation belongs into a mailbox: after so many replies to one mail, further ones are only shown. */
const MOST_A_MESSAGE = 5;
const AGAIN_MS = 10 * 60_000;
const GIVE_UP_MS = 24 * 60 * 60_000;

/**
 * Sends replies that came to us on to the author's address. As a mail of the system, which says that a machine sent it
 * and comes back to nobody's message: it can't go round in circles.
 */
@Injectable()
export class Forwarding {
  private readonly say: Say;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly mailer: MailerService,
    private readonly config: Config,
    views: Views,
  ) {
    this.say = views.wordsOf('deliverability');
  }

  async forward(brandId: string): Promise<void> {
    const due = await this.due(brandId);
    const carried = due.length === 0 ? 'text' : await this.database.inBrand(brandId, carriedBy);
    for (const reply of due) {
      const isSent = await this.send(brandId, reply, carried);
      await this.database.inBrand(brandId, (unit) =>
        unit.run(
          `UPDATE inbound_mails SET forwarded_at = CASE WHEN $2 THEN $3::timestamptz END,
             forward_at = CASE WHEN $2 THEN forward_at WHEN received_at > $4 THEN $5::timestamptz END WHERE id = $1`,
          [reply.id, isSent, this.clock.now(), this.later(-GIVE_UP_MS), this.later(AGAIN_MS)],
        ),
      );
    }
  }

  private due(brandId: string): Promise<Reply[]> {
    return this.database.inBrand(brandId, async (unit) => {
      await unit.run(
        `UPDATE inbound_mails i SET forward_at = NULL WHERE forward_at IS NOT NULL AND forwarded_at IS NULL
           AND (SELECT count(*) FROM inbound_mails o WHERE o.message_id = i.message_id AND o.forwarded_at IS NOT NULL) >= $1`,
        [MOST_A_MESSAGE],
      );
      return unit.sql<Reply>(
        `SELECT i.id, coalesce(nullif(c.reply_to, ''), c.from_email) AS author, i.from_address AS "from", i.subject, i.excerpt AS text, i.raw,
           i.received_at AS "receivedAt"
         FROM inbound_mails i JOIN messages m ON m.brand_id = i.brand_id AND m.id = i.message_id
         JOIN mail_contents c ON c.brand_id = m.brand_id AND c.distribution_id = m.distribution_id
         WHERE i.forward_at <= $1 AND i.forwarded_at IS NULL ORDER BY i.brand_id, i.id LIMIT $2`,
        [this.clock.now(), AT_ONCE],
      );
    });
  }

  private async send(brandId: string, reply: Reply, carried: Carried): Promise<boolean> {
    const { author, subject, raw } = reply;
    const read = readReply(Buffer.from(raw), raw.length >= KEPT_BYTES);
    const content = read.text === '' && read.html === undefined ? { ...read, text: reply.text } : read;
    const outcome = await this.mailer.sendSystemMail(
      brandId,
      { address: author },
      {
        subject: this.say('forwarding.subject', { subject }).slice(0, 300),
        html: forwardedHtml({ from: reply.from, content, carried }, this.say),
        replyTo: this.answersTo(content, author),
        attachments: carried === 'files' ? content.attachments : [],
      },
    );
    return outcome.status === 'accepted';
  }

  /** Answers go to the person; never to us, where they would be replies again, nor to the author. */
  private answersTo({ answerTo }: ReplyContent, author: string): string | undefined {
    const isTheirs =
      answerTo !== undefined &&
      !VERP.test(answerTo) &&
      answerTo.toLowerCase() !== author.toLowerCase() &&
      domainOf(answerTo) !== this.config.BOUNCE_DOMAIN;
    return isTheirs ? answerTo : undefined;
  }

  private later(ms: number): Date {
    return new Date(this.clock.ms() + ms);
  }
}
