import { Injectable } from '@nestjs/common';
import { mustBeAllowed } from '../brands/access.js';
import { AuditService } from '../brands/audit.service.js';
import { InboundService } from '../inbound/inbound.service.js';
import type { KeptMail } from '../inbound/kept_mail.sql.js';
import type { Actor } from '../platform/auth/actor.js';
import { Database } from '../platform/db/database.js';
import { NotFound } from '../platform/errors.js';
import { foreignText, foreignWords } from '../platform/foreign/foreign_words.js';
import { addresses } from '../platform/web/addresses.js';
import { EmailFrames } from './email_frames.js';

const LONGEST = 300_000;

/** One mail that came back, as it came: to be looked at, and as a file. Each look is written down. */
@Injectable()
export class ReturnedSource {
  constructor(
    private readonly database: Database,
    private readonly inbound: InboundService,
    private readonly audit: AuditService,
    private readonly frames: EmailFrames,
  ) {}

  /** @throws {NotFound} where there is none, or its words were removed by age */
  async show(actor: Actor, id: string): Promise<object> {
    const { subject, from, receivedAt, raw, isWhole } = await this.mustFind(actor, id, 'returned.open');
    const { say } = this.frames;
    const title = subject === '' ? say('source.untitled') : foreignWords(subject, 200);
    const list = { href: addresses.deliverability.returned(), text: say('source.back') };
    return {
      ...this.frames.frame(actor, 'returned', [
        { href: addresses.deliverability.returnedSource(id), text: say('source.download'), icon: 'download' },
      ]),
      title,
      back: list,
      subject: title,
      from: foreignWords(from, 400),
      when: this.frames.when(actor, receivedAt),
      isCut: !isWhole,
      source: foreignText(raw.toString('utf8'), LONGEST),
    };
  }

  /** The bytes as far as they were kept, without tokens of personal links. @throws {NotFound} */
  async file(actor: Actor, id: string): Promise<Buffer> {
    const { raw } = await this.mustFind(actor, id, 'returned.download');
    return raw;
  }

  private async mustFind(actor: Actor, id: string, action: 'returned.open' | 'returned.download'): Promise<KeptMail> {
    mustBeAllowed(actor, 'brand:admin');
    return this.database.inBrand(actor.brandId, async (unit) => {
      const mail = /^\d{1,18}$/.test(id) ? await this.inbound.kept(unit, id) : undefined;
      if (mail === undefined) {
        throw new NotFound('There is no such mail.');
      }
      if (mail.raw.length === 0) {
        throw new NotFound('The text of this mail is not kept any more; what was found in it stands in the list.');
      }
      await this.audit.record(unit, actor, action, `returned mail ${id}`);
      return mail;
    });
  }
}
