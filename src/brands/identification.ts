import { Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { ApiTokensService } from '../accounts/api_tokens.service.js';
import { mayEnter, nameOf, type User, type UserStatus } from '../accounts/user.entity.js';
import type { Actor } from '../platform/auth/actor.js';
import { Identification, lacking } from '../platform/auth/guard.js';
import { Clock } from '../platform/clock.js';
import { Database, type Unit } from '../platform/db/database.js';
import { AdministratorsService } from './administrators.service.js';
import { ApiDoor } from './api_door.js';
import { type Grants, GRANTS, permissionsOf } from './grants.js';

/** Person, brand and grants in one row: every request of the console and the API asks for it once. */
const PERSON = `SELECT u.id AS "userId", u.email, u.first_name AS "firstName", u.last_name AS "lastName", u.language,
  u.time_zone AS "timeZone", u.has_own_zone AS "hasOwnZone", u.status, u.expires_at AS "expiresAt",
  b.name AS "brandName", b.slug AS "brandSlug", b.accent, ${GRANTS}
FROM users u JOIN brands b ON b.id = u.brand_id JOIN user_types t ON t.brand_id = u.brand_id AND t.id = u.user_type_id
WHERE u.id = $1`;

interface PersonRow extends Grants {
  userId: string;
  email: string;
  firstName: string;
  lastName: string;
  language: string;
  timeZone: string;
  hasOwnZone: boolean;
  status: UserStatus;
  expiresAt: Date | null;
  brandName: string;
  brandSlug: string;
  accent: string;
}

/** Tells who asks: the API by its token only (never a cookie), pages by their session. */
@Injectable()
export class IdentificationByAccount extends Identification {
  constructor(
    private readonly database: Database,
    private readonly tokens: ApiTokensService,
    private readonly door: ApiDoor,
    private readonly administrators: AdministratorsService,
    private readonly clock: Clock,
  ) {
    super();
  }

  async identify(request: Request): Promise<Actor | undefined> {
    return request.path.startsWith('/API/') ? this.byToken(request) : this.bySession(request);
  }

  /** The actor for work that a command or the system does in a person's name. */
  async actorFor(user: Pick<User, 'brandId' | 'id'>, via: Actor['via'], address?: string): Promise<Actor> {
    const row = await this.person(user.brandId, user.id);
    if (row === undefined) {
      throw new Error(`There is no user ${user.id} in brand ${user.brandId}`);
    }
    return actorOf(row, user.brandId, via, address);
  }

  async whomToAsk(actor: Actor): Promise<string> {
    if (actor.permissions.has('brand:admin')) {
      return 'You administer this brand: you can switch it on for yourself under People.';
    }
    const whom = await this.administrators.named(actor.brandId);
    return whom === undefined
      ? 'A brand administrator can switch it on for you under People.'
      : `Ask ${whom} to switch it on for you under People.`;
  }

  /** Counted before the database is asked for the person, and once, however often a request is looked at. */
  private async byToken(request: Request): Promise<Actor | undefined> {
    const token = tokenOf(request);
    const kept = token === undefined ? undefined : await this.door.find(token, request);
    if (token === undefined || kept === undefined) {
      return undefined;
    }
    const actor = await this.database.inBrand(kept.brandId, async (unit) =>
      (await this.tokens.use(unit, kept)) ? this.enteringIn(unit, kept, 'token', request) : undefined,
    );
    if (actor === undefined) {
      this.door.turnOut(token, kept, request);
    } else if (!actor.permissions.has('api:access')) {
      throw lacking('api:access');
    }
    return actor;
  }

  private async bySession(request: Request): Promise<Actor | undefined> {
    const { brandId, userId } = request.session ?? {};
    return brandId === undefined || userId === undefined
      ? undefined
      : this.entering({ brandId, userId }, 'session', request);
  }

  private entering(
    who: { brandId: string; userId: string },
    via: Actor['via'],
    request: Request,
  ): Promise<Actor | undefined> {
    return this.database.inBrand(who.brandId, (unit) => this.enteringIn(unit, who, via, request));
  }

  /** As `entering`, in a unit that is open. */
  private async enteringIn(
    unit: Unit,
    { brandId, userId }: { brandId: string; userId: string },
    via: Actor['via'],
    request: Request,
  ): Promise<Actor | undefined> {
    const row = await this.personIn(unit, userId);
    return row !== undefined && mayEnter(row, this.clock.now()) ? actorOf(row, brandId, via, request.ip) : undefined;
  }

  private person(brandId: string, userId: string): Promise<PersonRow | undefined> {
    return this.database.inBrand(brandId, (unit) => this.personIn(unit, userId));
  }

  /** As `person`, in a unit that is open. */
  private async personIn(unit: Unit, userId: string): Promise<PersonRow | undefined> {
    const [row] = await unit.prepared<PersonRow>('identify-person', PERSON, [userId]);
    return row;
  }
}

function tokenOf(request: Request): string | undefined {
  const token = request.get('X-API-TOKEN') ?? /^Bearer (.+)$/i.exec(request.get('Authorization') ?? '')?.[1];
  return token?.trim() === '' ? undefined : token?.trim();
}

function actorOf(row: PersonRow, brandId: string, via: Actor['via'], address: string | undefined): Actor {
  const { userId, brandName, brandSlug, accent, email, language, timeZone, hasOwnZone } = row;
  const who = { userId, brandId, brandName, brandSlug, accent, email, language, timeZone, hasOwnZone, via };
  return {
    ...who,
    name: nameOf(row),
    permissions: permissionsOf(row),
    ...(address === undefined ? {} : { address }),
  };
}
