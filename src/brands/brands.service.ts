import { Injectable } from '@nestjs/common';
import type { Actor } from '../platform/auth/actor.js';
import { BUILT_IN_TYPES, type BuiltInType, defaultsOf } from '../platform/auth/permissions.js';
import { Clock } from '../platform/clock.js';
import { Database, type Unit } from '../platform/db/database.js';
import { Invalid } from '../platform/errors.js';
import { Events } from '../platform/events.js';
import { AuditService } from './audit.service.js';
import { Brand } from './brand.entity.js';
import { WeeklyLimitsChanged } from './brands.events.js';
import { difference } from './difference.js';
import { PermissionsService } from './permissions.service.js';
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
  confirmAbove: number;
  apiRequestsPerMinute: number;
  holidays: string[];
}

/** Brands, their settings and their user types. */
@Injectable()
export class BrandsService {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly permissions: PermissionsService,
    private readonly audit: AuditService,
    private readonly events: Events,
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

  of(brandId: string): Promise<Brand> {
    return this.database.inBrand(brandId, (unit) => this.ofIn(unit, brandId));
  }

  /** As `of`, in a unit that is open. */
  async ofIn(unit: Unit, brandId: string): Promise<Brand> {
    return unit.em.findOneOrFail(Brand, { id: brandId });
  }

  types(brandId: string): Promise<UserType[]> {
    return this.database.inBrand(brandId, (unit) => this.typesIn(unit));
  }

  /** As `types`, in a unit that is open. */
  async typesIn(unit: Unit): Promise<UserType[]> {
    return unit.em.find(UserType, {}, { orderBy: { id: 'asc' } });
  }

  async typeByKey(brandId: string, key: BuiltInType): Promise<UserType> {
    return this.database.inBrand(brandId, ({ em }) => em.findOneOrFail(UserType, { key }));
  }

  /** @throws {Invalid} for a type that this brand does not have */
  async mustFindType(unit: Unit, userTypeId: string): Promise<UserType> {
    const type = (await this.typesIn(unit)).find(({ id }) => id === userTypeId);
    if (type === undefined) {
      throw new Invalid('There is no such user type.', { type: 'Choose a user type.' });
    }
    return type;
  }

  async changeSettings(actor: Actor, settings: BrandSettings): Promise<Brand> {
    return this.permissions.administering(actor, async (unit) => {
      const { em } = unit;
      const brand = await em.findOneOrFail(Brand, { id: actor.brandId });
      const change = difference(settingsOf(brand), settings);
      if (change !== undefined) {
        await this.audit.record(unit, actor, 'brand.settings', settings.name, change);
        this.events.tell(new WeeklyLimitsChanged(actor.brandId));
      }
      return em.assign(brand, settings);
    });
  }
}

function settingsOf(brand: Brand): BrandSettings {
  const { name, timeZone, accent, postalAddress, privacyUrl, imprintUrl } = brand;
  const { weeklyEmailLimit, weeklyEmailLimitPerUser, confirmAbove, holidays, apiRequestsPerMinute } = brand;
  const limits = { weeklyEmailLimit, weeklyEmailLimitPerUser, confirmAbove, holidays, apiRequestsPerMinute };
  return { name, timeZone, accent, postalAddress, privacyUrl, imprintUrl, ...limits };
}

function slugOf(name: string): string {
  const slug = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return slug.slice(0, 40) || 'brand';
}
