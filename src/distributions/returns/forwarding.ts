import { Injectable } from '@nestjs/common';
import { escapeHtml } from '../../surveys/engine/text.js';
import { MailerService } from '../../mailer/mailer.service.js';
import { Clock } from '../../platform/clock.js';
import { Database } from '../../platform/db/database.js';

interface Reply {
  id: string;
  author: string;
  from: string;
  subject: string;
  text: string;
  receivedAt: Date;
}

const AT_ONCE = 20;
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
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly mailer: MailerService,
  ) {}

  async forward(brandId: string): Promise<void> {
    for (const reply of await this.due(brandId)) {
      const isSent = await this.send(brandId, reply);
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
        `SELECT i.id, coalesce(nullif(d.reply_to, ''), d.from_email) AS author, i.from_address AS "from", i.subject, i.excerpt AS text,
           i.received_at AS "receivedAt"
         FROM inbound_mails i JOIN messages m ON m.brand_id = i.brand_id AND m.id = i.message_id
         JOIN distributions d ON d.brand_id = m.brand_id AND d.id = m.distribution_id
         WHERE i.forward_at <= $1 AND i.forwarded_at IS NULL ORDER BY i.brand_id, i.id LIMIT $2`,
        [this.clock.now(), AT_ONCE],
      );
    });
  }

  private async send(brandId: string, { author, from, subject, text }: Reply): Promise<boolean> {
    const outcome = await this.mailer.sendSystemMail(
      brandId,
      { address: author },
      {
        subject: `Reply to a survey mail: ${subject}`.slice(0, 300),
        html: `<p>${escapeHtml(from)} answered a mail of yours:</p><blockquote>${escapeHtml(text).replaceAll('\n', '<br>')}</blockquote>
          <p>This copy was sent by a machine. Write to the address above to answer.</p>`,
      },
    );
    return outcome.status === 'accepted';
  }

  private later(ms: number): Date {
    return new Date(this.clock.ms() + ms);
  }
}
