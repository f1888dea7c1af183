import { type BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import { AccountsService } from '../accounts/accounts.service.js';
import type { User } from '../accounts/user.entity.js';
import { AuditService } from '../brands/audit.service.js';
import { BrandsService } from '../brands/brands.service.js';
import { MailerService } from '../mailer/mailer.service.js';
import { NOBODY } from '../platform/auth/audit_trail.js';
import { Database } from '../platform/db/database.js';
import { SignInMails } from './sign_in_mails.js';

/** Mails about a link that one person gets within an hour: whoever asks for more finds those before in the mailbox. */
const MOST_AN_HOUR = 3;

/**
 * Links that people have mailed to themselves from the sign-in page: the way in that no stranger's wrong tries bar. The
 * page answers at once and the same for everybody; what becomes of it is seen in the mailbox alone.
 */
@Injectable()
export class AskedLinks implements BeforeApplicationShutdown {
  private readonly log = new Logger('Sign-in');
  private readonly underWay = new Set<Promise<void>>();

  // oxlint-disable-next-line max-params -- up to eight may stand in a constructor
  constructor(
    private readonly accounts: AccountsService,
    private readonly brands: BrandsService,
    private readonly audit: AuditService,
    private readonly mails: SignInMails,
    private readonly mailer: MailerService,
    private readonly database: Database,
  ) {}

  /** Whether mails leave this installation at all. */
  get arePossible(): boolean {
    return !this.mailer.usesMailbox;
  }

  /** Sends a link to whoever signs in with this address, if anybody does; nobody waits for it. */
  ask(login: string, address: string): void {
    const work = this.send(login, address)
      .catch((error: unknown) => this.log.warn(`A sign-in link was not mailed: ${String(error)}`))
      .finally(() => this.underWay.delete(work));
    this.underWay.add(work);
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all(this.underWay);
  }

  private async send(login: string, address: string): Promise<void> {
    const user = await this.accounts.byLogin(login);
    const link = user === undefined ? undefined : await this.accounts.makeAskedLink(user, MOST_AN_HOUR);
    if (user !== undefined && link !== undefined) {
      const { id: brandId, name: brandName } = await this.brands.of(user.brandId);
      await this.record(user, address);
      await this.mails.send({ brandId, brandName }, user, link);
    }
  }

  private record(user: User, address: string): Promise<void> {
    const who = { brandId: user.brandId, userId: NOBODY, name: 'Somebody unknown', address };
    return this.database.inBrand(user.brandId, (unit) => this.audit.record(unit, who, 'user.link', user.email));
  }
}
