import { Injectable } from '@nestjs/common';
import type { Actor } from '../platform/auth/actor.js';
import { AuditTrail } from '../platform/auth/audit_trail.js';
import { Database, type Unit } from '../platform/db/database.js';
import { canonicalZone } from '../platform/calendar/time_zones.js';
import type { Profile } from './account.forms.js';
import { AccountsService } from './accounts.service.js';
import { type ApiToken, ApiTokensService } from './api_tokens.service.js';
import { hashPassword, mustBeGoodPassword } from './passwords.js';
import { User } from './user.entity.js';
import { type WebSession, WebSessionsService } from './web_sessions.service.js';

export interface AccountState {
  user: User;
  sessions: WebSession[];
  /** Undefined where the person may not use the API. */
  tokens: ApiToken[] | undefined;
}

/** What people change about themselves. */
@Injectable()
export class OwnAccountService {
  constructor(
    private readonly database: Database,
    private readonly accounts: AccountsService,
    private readonly sessions: WebSessionsService,
    private readonly tokens: ApiTokensService,
    private readonly trail: AuditTrail,
  ) {}

  mine(actor: Actor): Promise<User> {
    return this.database.inBrand(actor.brandId, (unit) => this.mineIn(unit, actor));
  }

  /** As `mine`, in a unit that is open. */
  async mineIn(unit: Unit, actor: Actor): Promise<User> {
    return unit.em.findOneOrFail(User, { id: actor.userId });
  }

  /** All that the page of one's own account shows. */
  async state(actor: Actor, sessionId: string): Promise<AccountState> {
    return {
      user: await this.mine(actor),
      sessions: await this.sessions.of(actor.userId, sessionId),
      tokens: actor.permissions.has('api:access') ? await this.tokens.ofUser(actor) : undefined,
    };
  }

  async changeProfile(actor: Actor, profile: Profile): Promise<void> {
    await this.database.inBrand(actor.brandId, async (unit) => {
      const { em } = unit;
      const user = await this.mineIn(unit, actor);
      const { firstName, lastName, timeZone } = user;
      em.assign(user, { ...profile, hasOwnZone: true });
      await this.trail.record(unit, actor, 'account.profile', user.email, {
        before: { firstName, lastName, timeZone },
        after: profile,
      });
    });
  }

  /** Takes the zone that a browser tells. @returns the one that times are shown in from now on */
  async takeZone(actor: Actor, told: string): Promise<string> {
    return this.database.inBrand(actor.brandId, async (unit) => {
      const { em } = unit;
      const user = await this.mineIn(unit, actor);
      const { timeZone: before } = user;
      const timeZone = canonicalZone(told) ?? before;
      em.assign(user, { timeZone, hasOwnZone: true });
      await this.trail.record(unit, actor, 'account.profile', user.email, {
        before: { timeZone: before },
        after: { timeZone },
      });
      return timeZone;
    });
  }

  /**
   * Sets a new password and ends every other session; who never had one, or came by a link, needs no old one.
   * @param here the session that stays, as its browser holds it, and whether a link opened it
   * @throws {Invalid} for a wrong old password or a weak new one
   */
  async changePassword(
    actor: Actor,
    { current, password }: { current: string; password: string },
    here: { sessionId: string; isByLink: boolean },
  ): Promise<void> {
    const user = await this.mine(actor);
    if (user.passwordHash !== null && !here.isByLink) {
      await this.accounts.mustKnowPassword(user, current);
    }
    mustBeGoodPassword(password, { email: user.email, name: user.name, brand: actor.brandName });
    const hash = await hashPassword(password);
    await this.database.inBrand(actor.brandId, async (unit) => {
      const stored = await this.mineIn(unit, actor);
      stored.setPassword(hash);
      await this.accounts.voidLinks(unit, stored);
      await this.trail.record(unit, actor, 'account.password', user.email);
    });
    await this.sessions.end(user.id, here.sessionId);
  }
}
