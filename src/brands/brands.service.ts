import { Injectable } from '@nestjs/common';
import { AccountsService, type NewUser } from '../accounts/accounts.service.js';
import type { User } from '../accounts/user.entity.js';
import { WebSessionsService } from '../accounts/web_sessions.service.js';
import type { Actor } from '../platform/auth/actor.js';
import { BUILT_IN_TYPES, type BuiltInType, defaultsOf } from '../platform/auth/permissions.js';
import { Clock } from '../platform/clock.js';
import { Database } from '../platform/db/database.js';
import { Invalid, WrongState } from '../platform/errors.js';
import { AuditService } from './audit.service.js';
import { Brand } from './brand.entity.js';
import { UserType } from './user_type.entity.js';

export interface BrandSettings {
  name: string;
  timeZone: string;
  accent: string;
  postalAddress: string;
  privacyUrl: string;
  imprintUrl: string;
  weeklyEmailLimit: number;
  weeklyEmailLimitPerUser: number;
}

/** Brands, their settings and their people. */
@Injectable()
export class BrandsService {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly accounts: AccountsService,
    private readonly sessions: WebSessionsService,
    private readonly audit: AuditService,
  ) {}

  /** Makes a brand with the built-in user types. */
  async create(name: string): Promise<Brand> {
    const [next] = await this.database.outsideBrands((unit) =>
      unit.sql<{ id: string }>(`SELECT nextval('brands_id_seq') AS id`),
    );
    const id = next!.id;
    return this.database.inBrand(id, async ({ em }) => {
      const now = this.clock.now();
      const brand = em.create(Brand, { id, name, slug: `${slugOf(name)}-${id}`, createdAt: now } as Brand);
      await em.flush();
      for (const [key, typeName] of Object.entries(BUILT_IN_TYPES)) {
        const permissions = defaultsOf(key as BuiltInType);
        em.create(UserType, { brandId: id, key, name: typeName, permissions, createdAt: now } as UserType);
      }
      return brand;
    });
  }

  /** Every brand of the installation, for commands and the scheduler. */
  async ids(): Promise<string[]> {
    const rows = await this.database.outsideBrands((unit) =>
      unit.sql<{ brand_id: string }>('SELECT brand_id FROM find_brands()'),
    );
    return rows.map((row) => row.brand_id);
  }

  async of(brandId: string): Promise<Brand> {
    return this.database.inBrand(brandId, ({ em }) => em.findOneOrFail(Brand, { id: brandId }));
  }

  async types(brandId: string): Promise<UserType[]> {
    return this.database.inBrand(brandId, ({ em }) => em.find(UserType, {}, { orderBy: { id: 'asc' } }));
  }

  async typeByKey(brandId: string, key: BuiltInType): Promise<UserType> {
    return this.database.inBrand(brandId, ({ em }) => em.findOneOrFail(UserType, { key }));
  }

  /** Adds a person and writes it down. @throws {Invalid} for a type of nobody or a login that exists */
  async addPerson(actor: Actor, person: NewUser): Promise<User> {
    return this.database.inBrand(actor.brandId, async () => {
      await this.mustHaveType(actor.brandId, person.userTypeId);
      const user = await this.accounts.addUser(actor.brandId, person);
      await this.audit.record(actor, 'user.add', `user ${user.id}`, {
        after: { email: user.email, userTypeId: user.userTypeId },
      });
      return user;
    });
  }

  async changeType(actor: Actor, userId: string, userTypeId: string): Promise<User> {
    if (userId === actor.userId) {
      throw new WrongState('You cannot change your own user type. Another administrator can.');
    }
    return this.database.inBrand(actor.brandId, async () => {
      await this.mustHaveType(actor.brandId, userTypeId);
      const user = await this.accounts.mustFind(actor.brandId, userId);
      await this.audit.record(actor, 'user.type', `user ${userId}`, {
        before: { userTypeId: user.userTypeId },
        after: { userTypeId },
      });
      user.userTypeId = userTypeId;
      return user;
    });
  }

  /** Disables a person: content stays, sessions and tokens end at once. */
  async setEnabled(actor: Actor, userId: string, isEnabled: boolean): Promise<User> {
    if (userId === actor.userId) {
      throw new WrongState('You cannot disable yourself. Another administrator can.');
    }
    const user = await this.database.inBrand(actor.brandId, async () => {
      const found = await this.accounts.mustFind(actor.brandId, userId);
      await this.audit.record(actor, isEnabled ? 'user.enable' : 'user.disable', `user ${userId}`);
      if (isEnabled) {
        found.enable();
      } else {
        found.disable();
      }
      return found;
    });
    if (!isEnabled) {
      await this.sessions.end(userId);
    }
    return user;
  }

  async changeSettings(actor: Actor, settings: BrandSettings): Promise<Brand> {
    return this.database.inBrand(actor.brandId, async ({ em }) => {
      const brand = await em.findOneOrFail(Brand, { id: actor.brandId });
      const before = Object.fromEntries(Object.keys(settings).map((key) => [key, brand[key as keyof BrandSettings]]));
      await this.audit.record(actor, 'brand.settings', brand.name, { before, after: { ...settings } });
      return em.assign(brand, settings);
    });
  }

  private async mustHaveType(brandId: string, userTypeId: string): Promise<void> {
    const types = await this.types(brandId);
    if (!types.some((type) => type.id === userTypeId)) {
      throw new Invalid('There is no such user type.', { userTypeId: 'Choose a user type.' });
    }
  }
}

function slugOf(name: string): string {
  const slug = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return slug.slice(0, 40) || 'brand';
}
