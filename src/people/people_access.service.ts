import { Injectable } from '@nestjs/common';
import { AccountsService } from '../accounts/accounts.service.js';
import type { User } from '../accounts/user.entity.js';
import { WebSessionsService } from '../accounts/web_sessions.service.js';
import type { Actor } from '../platform/auth/actor.js';
import { NotAllowed, WrongState } from '../platform/errors.js';
import { AuditService } from '../brands/audit.service.js';
import { type Mailed, SignInMails } from './sign_in_mails.js';
import { PermissionsService } from '../brands/permissions.service.js';

export interface MadeLink {
  user: User;
  link: string;
  mailed: Mailed;
}

/** Lets people of the brand in and keeps them out. */
@Injectable()
export class PeopleAccessService {
  constructor(
    private readonly accounts: AccountsService,
    private readonly sessions: WebSessionsService,
    private readonly permissions: PermissionsService,
    private readonly audit: AuditService,
    private readonly mails: SignInMails,
  ) {}

  /** What a person made stays; sessions, tokens and links end at once and for good. */
  async disable(actor: Actor, userId: string): Promise<User> {
    if (userId === actor.userId) {
      throw new WrongState('You cannot disable yourself. Another administrator can.');
    }
    const user = await this.permissions.administering(actor, async (unit) => {
      const found = await this.accounts.mustFindIn(unit, userId);
      found.disable();
      await this.accounts.withdraw(unit, found);
      await this.audit.record(unit, actor, 'user.disable', found.email);
      return found;
    });
    await this.sessions.end(userId);
    return user;
  }

  /** Lets a person in again, by their password or a new link; nothing that ended comes back. */
  async enable(actor: Actor, userId: string): Promise<User> {
    const user = await this.permissions.administering(actor, async (unit) => {
      const found = await this.accounts.mustFindIn(unit, userId);
      found.enable();
      // Whatever was opened while the disabling was under way does not come alive again.
      await this.accounts.withdraw(unit, found);
      await this.audit.record(unit, actor, 'user.enable', found.email);
      return found;
    });
    await this.sessions.end(userId);
    return user;
  }

  /**
   * A link that lets a person in once: seven days for who never had a password, else an hour. It is mailed to them,
   * and given to nobody but the administrator who made it.
   */
  async makeLink(actor: Actor, userId: string): Promise<MadeLink> {
    const made = await this.permissions.administering(actor, async (unit) => {
      const user = await this.accounts.mustFindIn(unit, userId);
      mustBeLinkable(actor, user);
      const purpose = user.passwordHash === null ? 'invite' : 'reset';
      const link = await this.accounts.makeSignInLinkIn(unit, actor.brandId, userId, purpose);
      await this.audit.record(unit, actor, 'user.link', user.email);
      return { user, link };
    });
    return { ...made, mailed: await this.mails.send(actor, made.user, made.link) };
  }
}

/** Who runs the installation has more rights than any administrator of a brand; nobody gets in as them from here. */
function mustBeLinkable(actor: Actor, user: User): void {
  if (user.status === 'disabled') {
    throw new WrongState('This person is disabled. Enable them first.');
  }
  if (user.isOperator && user.id !== actor.userId) {
    throw new NotAllowed(
      'This person also runs the installation, so a link for them is made on the server only.',
      'Ask them: bin/canvass user:sign-in-link makes one.',
    );
  }
}
