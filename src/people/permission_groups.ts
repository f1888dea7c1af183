import { ALL_PERMISSIONS, type Permission } from '../platform/auth/permissions.js';

/** Groups of permissions on the page of a person, by their nouns; the words are `brands.permissions.groups.<name>`. */
const GROUPS: Record<string, readonly string[]> = {
  surveys: ['surveys', 'quotas'],
  contacts: ['contacts', 'directory'],
  distributions: ['distributions', 'mailer'],
  channels: ['sms', 'offline', 'director', 'panels', 'social', 'qr'],
  responses: ['responses'],
  api: ['api'],
  administration: ['brand', 'division', 'audit'],
};

/** Permissions of parts that this version does not have: a switch for them would do nothing. */
const WITHOUT_EFFECT: ReadonlySet<Permission> = new Set<Permission>([
  'surveys:share-outside',
  'mailer:custom-headers',
  'sms:access',
  'offline:access',
  'director:access',
  'panels:access',
  'social:access',
  'qr:access',
  'quotas:advanced',
  'division:admin',
]);

export interface PermissionGroup {
  name: string;
  permissions: Permission[];
}

/** Every permission that something asks for, in groups that are not empty. */
export function permissionGroups(): PermissionGroup[] {
  return Object.entries(GROUPS)
    .map(([name, nouns]) => ({ name, permissions: ALL_PERMISSIONS.filter((id) => isOffered(id, nouns)) }))
    .filter(({ permissions }) => permissions.length > 0);
}

function isOffered(permission: Permission, nouns: readonly string[]): boolean {
  return nouns.includes(permission.split(':')[0]!) && !WITHOUT_EFFECT.has(permission);
}
