import { Injectable } from '@nestjs/common';
import type { Actor } from '../platform/auth/actor.js';
import type { Permission } from '../platform/auth/permissions.js';
import { Clock } from '../platform/clock.js';
import { Database, type Unit } from '../platform/db/database.js';
import { WrongState } from '../platform/errors.js';
import { mustBeAllowed } from './access.js';
import { AuditService } from './audit.service.js';
import {
  type EffectivePermission,
  explained,
  type Grants,
  GRANTS,
  type PermissionState,
  permissionsOf,
} from './grants.js';

interface Choice {
  actor: Actor;
  userId: string;
  permission: Permission;
  state: PermissionState;
}

/** Somebody for whom a permission holds. */
export interface Holder {
  userId: string;
  name: string;
  email: string;
}

export type { EffectivePermission, PermissionState } from './grants.js';

/** Works out what people may do: an explicit state beats the type. */
@Injectable()
export class PermissionsService {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly audit: AuditService,
  ) {}

  /** The permissions that hold for a person. */
  of(brandId: string, userId: string): Promise<ReadonlySet<Permission>> {
    return this.database.inBrand(brandId, (unit) => this.ofIn(unit, userId));
  }

  /** As `of`, in a unit that is open. */
  async ofIn(unit: Unit, userId: string): Promise<ReadonlySet<Permission>> {
    const [grants] = await this.grants(unit, userId);
    return grants === undefined ? new Set() : permissionsOf(grants);
  }

  /** Every permission with its state, its effect and its source. */
  explained(brandId: string, userId: string): Promise<EffectivePermission[]> {
    return this.database.inBrand(brandId, (unit) => this.explainedIn(unit, userId));
  }

  /** As `explained`, in a unit that is open. */
  async explainedIn(unit: Unit, userId: string): Promise<EffectivePermission[]> {
    const [grants] = await this.grants(unit, userId);
    return grants === undefined ? [] : explained(grants);
  }

  /** The people for whom a permission holds and who may sign in, for news that concern them. */
  async holders(unit: Unit, permission: Permission): Promise<Holder[]> {
    return unit.sql<Holder>(
      `SELECT u.id AS "userId", trim(u.first_name || ' ' || u.last_name) AS name, u.email FROM users u
         JOIN user_types t ON t.brand_id = u.brand_id AND t.id = u.user_type_id
         LEFT JOIN permission_overrides o ON o.brand_id = u.brand_id AND o.user_id = u.id AND o.permission = $1
         WHERE coalesce(o.enabled, $1 = ANY (t.permissions)) AND u.status = 'active'
           AND (u.expires_at IS NULL OR u.expires_at > $2) ORDER BY u.id LIMIT 100`,
      [permission, this.clock.now()],
    );
  }

  /**
   * Sets one permission of a person to follow the type, on or off. Takes effect with the next request.
   * @returns what holds now
   */
  async set(
    actor: Actor,
    userId: string,
    permission: Permission,
    state: PermissionState,
  ): Promise<EffectivePermission> {
    return this.administering(actor, async (unit) => {
      const { email } = await unit.one<{ email: string }>(
        'SELECT email FROM users WHERE id = $1',
        [userId],
        'There is no such person in this brand.',
      );
      const before = await this.one(unit, userId, permission);
      mustKeepOwnRight(actor, userId, before, state);
      await this.store(unit, { actor, userId, permission, state });
      if (before.state !== state) {
        await this.audit.record(unit, actor, 'permission.set', email, {
          before: { permission, state: before.state },
          after: { permission, state },
        });
      }
      return this.one(unit, userId, permission);
    });
  }

  /**
   * Runs `work` for somebody who administers the brand at this very moment: two administrators who withdraw each
   * other's right, or disable each other, take turns, so one of them stays.
   */
  async administering<T>(actor: Actor, work: (unit: Unit) => Promise<T>): Promise<T> {
    return this.database.inBrand(actor.brandId, async (unit) => {
      await unit.sql('SELECT FROM brands WHERE id = $1 FOR NO KEY UPDATE', [actor.brandId]);
      const [self] = await unit.sql('SELECT FROM users WHERE id = $1 AND status <> $2', [actor.userId, 'disabled']);
      const permissions = self === undefined ? new Set<Permission>() : await this.ofIn(unit, actor.userId);
      mustBeAllowed({ ...actor, permissions }, 'brand:admin');
      return work(unit);
    });
  }

  private async one(unit: Unit, userId: string, permission: Permission): Promise<EffectivePermission> {
    const all = await this.explainedIn(unit, userId);
    return all.find((entry) => entry.permission === permission)!;
  }

  private async store(unit: Unit, { actor, userId, permission, state }: Choice): Promise<void> {
    if (state === 'type') {
      await unit.run('DELETE FROM permission_overrides WHERE user_id = $1 AND permission = $2', [userId, permission]);
    } else {
      await unit.run(
        `INSERT INTO permission_overrides (brand_id, user_id, permission, enabled, set_by, set_at) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (brand_id, user_id, permission) DO UPDATE SET enabled = $4, set_by = $5, set_at = $6`,
        [actor.brandId, userId, permission, state === 'on', actor.userId, this.clock.now()],
      );
    }
  }

  private grants(unit: Unit, userId: string): Promise<Grants[]> {
    return unit.sql<Grants>(
      `SELECT ${GRANTS} FROM users u JOIN user_types t ON t.brand_id = u.brand_id AND t.id = u.user_type_id WHERE u.id = $1`,
      [userId],
    );
  }
}

function mustKeepOwnRight(actor: Actor, userId: string, before: EffectivePermission, state: PermissionState): void {
  const staysOn = state === 'on' || (state === 'type' && before.byType);
  if (userId === actor.userId && before.permission === 'brand:admin' && !staysOn) {
    throw new WrongState('You cannot withdraw your own right to administer the brand. Another administrator can.');
  }
}
