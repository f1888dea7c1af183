import { ALL_PERMISSIONS, type Permission } from '../platform/auth/permissions.js';

/** What was chosen for one person: to follow the type, or an explicit state that beats it. */
export type PermissionState = 'type' | 'on' | 'off';

/** One permission of one person: what was chosen, what holds, and where that comes from. */
export interface EffectivePermission {
  permission: Permission;
  state: PermissionState;
  isOn: boolean;
  /** What the type alone would allow. */
  byType: boolean;
  typeName: string;
}

/** A person's type and overrides as the database holds them. */
export interface Grants {
  typeName: string;
  typePermissions: Permission[];
  overrides: Record<string, boolean>;
}

/** Columns of `Grants` for a statement that joins `users u` with `user_types t`. */
export const GRANTS = `t.name AS "typeName", t.permissions AS "typePermissions",
  coalesce((SELECT jsonb_object_agg(permission, enabled) FROM permission_overrides o
            WHERE o.brand_id = u.brand_id AND o.user_id = u.id), '{}') AS overrides`;

/** Every permission with its state, its effect and its source. */
export function explained(grants: Grants): EffectivePermission[] {
  const ofType = new Set(grants.typePermissions);
  return ALL_PERMISSIONS.map((permission) => {
    const override = grants.overrides[permission];
    const byType = ofType.has(permission);
    const state = override === undefined ? 'type' : override ? 'on' : 'off';
    return { permission, state, isOn: override ?? byType, byType, typeName: grants.typeName };
  });
}

/** The permissions that hold. */
export function permissionsOf(grants: Grants): ReadonlySet<Permission> {
  return new Set(
    explained(grants)
      .filter(({ isOn }) => isOn)
      .map(({ permission }) => permission),
  );
}
