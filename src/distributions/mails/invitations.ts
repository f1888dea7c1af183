import { Injectable } from '@nestjs/common';
import { LinksService } from '../../links/links.service.js';
import { MailerService } from '../../mailer/mailer.service.js';
import { Ids } from '../../platform/ids.js';
import type { Distribution } from '../distribution.entity.js';
import { Invitation } from './invitation.js';
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

  /** @returns how to get the mail; that throws {MailRefused} for one that can't be sent to anybody */
  async prepared(distribution: Distribution): Promise<() => Invitation> {
    const key = `${distribution.brandId} ${distribution.id}`;
    const known = this.kept.get(key);
    if (known !== undefined) {
      return () => known;
    }
    const { around } = await this.makings.of(distribution);
    const fromDomain = distribution.fromEmail.slice(distribution.fromEmail.lastIndexOf('@') + 1).toLowerCase();
    const bounceDomain = await this.mailer.bounceDomainFor(distribution.brandId, fromDomain);
    return () => this.kept.get(key) ?? this.make(distribution, around, bounceDomain);
  }

  private make(
    distribution: Distribution,
    around: ConstructorParameters<typeof Invitation>[2],
    bounceDomain: string,
  ): Invitation {
    const { mailer, links, ids } = this;
    const invitation = new Invitation(distribution, { mailer, links, ids, bounceDomain }, around);
    if (this.kept.size >= KEPT) {
      this.kept.clear();
    }
    this.kept.set(`${distribution.brandId} ${distribution.id}`, invitation);
    return invitation;
  }
}
