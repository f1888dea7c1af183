import { Injectable } from '@nestjs/common';
import type { Actor } from '../platform/auth/actor.js';
import type { Permission } from '../platform/auth/permissions.js';
import { Clock } from '../platform/clock.js';
import { Database, type Unit } from '../platform/db/database.js';
import { WrongState } from '../platform/errors.js';
import { AuditService } from './audit.service.js';
import {
  type EffectivePermission,
  explained,
  type Grants,
  GRANTS,
  type PermissionState,
  permissionsOf,
} from './grants.js';

/** Works out what people may do: an explicit state beats the type. */
@Injectable()
export class PermissionsService {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly audit: AuditService,
  ) {}

  /** The permissions that hold for a person. */
  async of(brandId: string, userId: string): Promise<ReadonlySet<Permission>> {
    const [grants] = await this.database.inBrand(brandId, (unit) => this.grants(unit, userId));
    return grants === undefined ? new Set() : permissionsOf(grants);
  }

  /** Every permission with its state, its effect and its source. */
  async explained(brandId: string, userId: string): Promise<EffectivePermission[]> {
    const [grants] = await this.database.inBrand(brandId, (unit) => this.grants(unit, userId));
    return grants === undefined ? [] : explained(grants);
  }

  /** Sets one permission of a person to follow the type, on or off. Takes effect with the next request. */
  async set(actor: Actor, userId: string, permission: Permission, state: PermissionState): Promise<void> {
    if (userId === actor.userId && permission === 'brand:admin' && state === 'off') {
      throw new WrongState('You cannot withdraw your own right to administer the brand. Another administrator can.');
    }
    await this.database.inBrand(actor.brandId, async (unit) => {
      const before = (await this.explained(actor.brandId, userId)).find((entry) => entry.permission === permission);
      if (state === 'type') {
        await unit.sql('DELETE FROM permission_overrides WHERE user_id = $1 AND permission = $2', [userId, permission]);
      } else {
        await unit.sql(
          `INSERT INTO permission_overrides (brand_id, user_id, permission, enabled, set_by, set_at) VALUES ($1, $2, $3, $4, $5, $6)
           ON CONFLICT (brand_id, user_id, permission) DO UPDATE SET enabled = $4, set_by = $5, set_at = $6`,
          [actor.brandId, userId, permission, state === 'on', actor.userId, this.clock.now()],
        );
      }
      await this.audit.record(actor, 'permission.set', `user ${userId} ${permission}`, {
        before: { state: before?.state },
        after: { state },
      });
    });
  }

  private grants(unit: Unit, userId: string): Promise<Grants[]> {
    return unit.sql<Grants>(
      `SELECT ${GRANTS} FROM users u JOIN user_types t ON t.brand_id = u.brand_id AND t.id = u.user_type_id WHERE u.id = $1`,
      [userId],
    );
  }
}
