import { Injectable } from '@nestjs/common';
import type { Actor } from '../platform/auth/actor.js';
import { Clock } from '../platform/clock.js';
import { Database, type Unit } from '../platform/db/database.js';
import { Invalid, NotFound } from '../platform/errors.js';
import { Events } from '../platform/events.js';
import { AuditService } from './audit.service.js';
import { WeeklyLimitsChanged } from './brands.events.js';
import { difference } from './difference.js';
import { PermissionsService } from './permissions.service.js';

export interface Division {
  id: string;
  name: string;
  /** Null: none of its own. */
  weeklyEmailLimit: number | null;
  people: number;
}

export interface DivisionWords {
  name: string;
  weeklyEmailLimit: number | null;
}

/** Parts of a brand whose people share a weekly limit. */
@Injectable()
export class DivisionsService {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly permissions: PermissionsService,
    private readonly audit: AuditService,
    private readonly events: Events,
  ) {}

  list(brandId: string): Promise<Division[]> {
    return this.database.inBrand(brandId, (unit) => this.listIn(unit));
  }

  /** As `list`, in a unit that is open. */
  listIn(unit: Unit): Promise<Division[]> {
    return unit.sql<Division>(
      `SELECT d.id, d.name, d.weekly_email_limit AS "weeklyEmailLimit",
           (SELECT count(*)::int FROM users u WHERE u.brand_id = d.brand_id AND u.division_id = d.id) AS people
         FROM divisions d ORDER BY lower(d.name), d.id`,
    );
  }

  /** @throws {Invalid} for a name that another one has */
  async create(actor: Actor, words: DivisionWords): Promise<void> {
    await this.permissions.administering(actor, async (unit) => {
      await this.mustBeNewName(unit, words.name);
      await unit.run('INSERT INTO divisions (brand_id, name, weekly_email_limit, created_at) VALUES ($1, $2, $3, $4)', [
        actor.brandId,
        words.name,
        words.weeklyEmailLimit,
        this.clock.now(),
      ]);
      await this.audit.record(unit, actor, 'division.add', words.name, { after: words });
    });
  }

  /** @throws {NotFound} @throws {Invalid} as `create` */
  async change(actor: Actor, id: string, { name, weeklyEmailLimit }: DivisionWords): Promise<void> {
    await this.permissions.administering(actor, async (unit) => {
      const before = await this.mustFind(unit, id);
      await this.mustBeNewName(unit, name, id);
      await unit.run('UPDATE divisions SET name = $2, weekly_email_limit = $3 WHERE id = $1', [
        id,
        name,
        weeklyEmailLimit,
      ]);
      const change = difference(
        { name: before.name, weeklyEmailLimit: before.weeklyEmailLimit },
        { name, weeklyEmailLimit },
      );
      if (change !== undefined) {
        await this.audit.record(unit, actor, 'division.change', name, change);
        this.events.tell(new WeeklyLimitsChanged(actor.brandId));
      }
    });
  }

  /** Its people stay, without a division. */
  async remove(actor: Actor, id: string): Promise<Division> {
    return this.permissions.administering(actor, async (unit) => {
      const division = await this.mustFind(unit, id);
      await unit.run('DELETE FROM divisions WHERE id = $1', [id]);
      await this.audit.record(unit, actor, 'division.remove', division.name, { before: { name: division.name } });
      this.events.tell(new WeeklyLimitsChanged(actor.brandId));
      return division;
    });
  }

  /** @throws {NotFound} */
  async mustFind(unit: Unit, id: string): Promise<Division> {
    const division = (await this.listIn(unit)).find((one) => one.id === id);
    if (division === undefined) {
      throw new NotFound('There is no such division.');
    }
    return division;
  }

  private async mustBeNewName(unit: Unit, name: string, own?: string): Promise<void> {
    const taken = (await this.listIn(unit)).some(
      (division) => division.id !== own && division.name.toLowerCase() === name.toLowerCase(),
    );
    if (taken) {
      throw new Invalid('There is a division with this name.', { name: 'There is a division with this name.' });
    }
  }
}
