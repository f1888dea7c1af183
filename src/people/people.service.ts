import { Injectable } from '@nestjs/common';
import { AccountsService } from '../accounts/accounts.service.js';
import type { User } from '../accounts/user.entity.js';
import type { Actor } from '../platform/auth/actor.js';
import { WrongState } from '../platform/errors.js';
import { Events } from '../platform/events.js';
import { AuditService, difference } from '../brands/audit.service.js';
import { WeeklyLimitsChanged } from '../brands/brands.events.js';
import { BrandsService } from '../brands/brands.service.js';
import { DivisionsService } from '../brands/divisions.service.js';
import type { Unit } from '../platform/db/database.js';
import { PermissionsService } from '../brands/permissions.service.js';

export interface NewPerson {
  email: string;
  firstName: string;
  lastName: string;
  userTypeId: string;
  timeZone: string;
}

export interface PersonDetails extends NewPerson {
  /** Null: the brand's limit for everybody. */
  weeklyEmailLimit: number | null;
  divisionId: string | null;
}

/** The people of a brand, as those who administer it add and change them. */
@Injectable()
export class PeopleService {
  constructor(
    private readonly accounts: AccountsService,
    private readonly brands: BrandsService,
    private readonly divisions: DivisionsService,
    private readonly permissions: PermissionsService,
    private readonly audit: AuditService,
    private readonly events: Events,
  ) {}

  /** Adds a person without a password: an invitation lets them in. @throws {Invalid} for a type of nobody or a login that exists */
  async add(actor: Actor, person: NewPerson): Promise<User> {
    return this.permissions.administering(actor, async (unit) => {
      const type = await this.brands.mustFindType(unit, person.userTypeId);
      const user = await this.accounts.addUserIn(unit, actor.brandId, person);
      await this.audit.record(unit, actor, 'user.add', user.email, { after: { name: user.name, type: type.name } });
      return user;
    });
  }

  /** @throws {WrongState} where somebody would change their own type @throws {Invalid} as `add` */
  async change(actor: Actor, userId: string, details: PersonDetails): Promise<User> {
    return this.permissions.administering(actor, async (unit) => {
      const before = await this.accounts.mustFindIn(unit, userId);
      if (userId === actor.userId && details.userTypeId !== before.userTypeId) {
        throw new WrongState('You cannot change your own user type. Another administrator can.');
      }
      const change = difference(await this.seen(unit, before), await this.seen(unit, details));
      const user = await this.accounts.changeIn(unit, userId, details);
      if (change !== undefined) {
        await this.audit.record(unit, actor, 'user.change', user.email, change);
        this.events.tell(new WeeklyLimitsChanged(actor.brandId));
      }
      return user;
    });
  }

  /** A person's details in words that the audit log can show later. */
  private async seen(unit: Unit, details: PersonDetails): Promise<object> {
    const { email, firstName, lastName, timeZone, weeklyEmailLimit, divisionId } = details;
    const division = divisionId === null ? undefined : await this.divisions.mustFind(unit, divisionId);
    const type = await this.brands.mustFindType(unit, details.userTypeId);
    return {
      email,
      firstName,
      lastName,
      timeZone,
      weeklyEmailLimit,
      type: type.name,
      division: division?.name ?? null,
    };
  }
}
