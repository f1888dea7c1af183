import { Injectable } from '@nestjs/common';
import { LinksService } from '../../links/links.service.js';
import { MailerService } from '../../mailer/mailer.service.js';
import { Ids } from '../../platform/ids.js';
import type { Distribution } from '../../ledger/distribution.entity.js';
import { Invitation } from './invitation.js';
import { mailOf } from './mail_content.entity.js';
import { mailSourceOf } from './mail_source.js';
import { MailMakings } from './mail_makings.service.js';

const KEPT = 50;

/** The mails of distributions that are being sent; each is made once and kept, as nobody can change it after planning. */
@Injectable()
export class Invitations {
  private readonly kept = new Map<string, Invitation>();

  constructor(
    private readonly mailer: MailerService,
    private readonly links: LinksService,
    private readonly ids: Ids,
    private readonly makings: MailMakings,
  ) {}

  /**
   * @throws {MailRefused} when the mail can't be sent to anybody
   * @throws {LimitReached} while too much else is being put together
   */
  async prepared(distribution: Distribution): Promise<Invitation> {
    const key = `${distribution.brandId} ${distribution.id}`;
    const invitation = this.kept.get(key) ?? (await this.made(distribution));
    this.keep(key, invitation);
    return invitation;
  }

  private async made(distribution: Distribution): Promise<Invitation> {
    const { mailer, links, ids } = this;
    const { around } = await this.makings.of(mailSourceOf(distribution));
    const { fromEmail } = mailOf(distribution);
    const fromDomain = fromEmail.slice(fromEmail.lastIndexOf('@') + 1).toLowerCase();
    const bounceDomain = await this.mailer.bounceDomainFor(distribution.brandId, fromDomain);
    const listName = await this.makings.listNameOf(distribution);
    return Invitation.of(distribution, { mailer, links, ids, bounceDomain, listName }, around);
  }

  /** The one that was used least lately is forgotten for a new one. */
  private keep(key: string, invitation: Invitation): void {
    this.kept.delete(key);
    const [oldest] = this.kept.keys();
    if (this.kept.size >= KEPT && oldest !== undefined) {
      this.kept.delete(oldest);
    }
    this.kept.set(key, invitation);
  }
}
