import { Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { AccountsService } from '../accounts/accounts.service.js';
import { ApiTokensService } from '../accounts/api_tokens.service.js';
import type { User } from '../accounts/user.entity.js';
import type { Actor } from '../platform/auth/actor.js';
import { Identification, lacking } from '../platform/auth/guard.js';
import { Clock } from '../platform/clock.js';
import { PermissionsService } from './permissions.service.js';

/** Tells who asks: the API by its token only (never a cookie), pages by their session. */
@Injectable()
export class IdentificationByAccount extends Identification {
  constructor(
    private readonly accounts: AccountsService,
    private readonly tokens: ApiTokensService,
    private readonly permissions: PermissionsService,
    private readonly clock: Clock,
  ) {
    super();
  }

  async identify(request: Request): Promise<Actor | undefined> {
    return request.path.startsWith('/API/') ? this.byToken(request) : this.bySession(request);
  }

  /** The actor for work that a command or the system does in a person's name. */
  async actorFor(user: User, via: Actor['via'], address?: string): Promise<Actor> {
    const { id: userId, brandId, name, email, language, timeZone } = user;
    const permissions = await this.permissions.of(brandId, userId);
    return {
      userId,
      brandId,
      name,
      email,
      language,
      timeZone,
      permissions,
      via,
      ...(address === undefined ? {} : { address }),
    };
  }

  private async byToken(request: Request): Promise<Actor | undefined> {
    const token = request.get('X-API-TOKEN') ?? /^Bearer (.+)$/i.exec(request.get('Authorization') ?? '')?.[1];
    const owner = token === undefined ? undefined : await this.tokens.ownerOf(token.trim());
    const actor = owner === undefined ? undefined : await this.person(owner.brandId, owner.userId, 'token', request);
    if (actor !== undefined && !actor.permissions.has('api:access')) {
      throw lacking('api:access');
    }
    return actor;
  }

  private async bySession(request: Request): Promise<Actor | undefined> {
    const { brandId, userId } = request.session ?? {};
    return brandId === undefined || userId === undefined ? undefined : this.person(brandId, userId, 'session', request);
  }

  private async person(
    brandId: string,
    userId: string,
    via: Actor['via'],
    request: Request,
  ): Promise<Actor | undefined> {
    const user = await this.accounts.byId(brandId, userId);
    return user?.mayEnter(this.clock.now()) === true ? this.actorFor(user, via, request.ip) : undefined;
  }
}
