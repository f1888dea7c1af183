import type { Actor } from '../platform/auth/actor.js';
import { lacking } from '../platform/auth/guard.js';
import type { Permission } from '../platform/auth/permissions.js';
import { NotAllowed } from '../platform/errors.js';

/** What somebody was granted on a survey of another person. */
export interface Share {
  canEdit: boolean;
  canViewReports: boolean;
  canActivate: boolean;
  canCopy: boolean;
  canDistribute: boolean;
}

/** Whose survey it is, and what the owner shared with the person who asks. */
export interface Stake {
  ownerId: string;
  ownerName: string;
  share: Share | undefined;
}

/** Permissions that a survey's owner must also grant to people with whom it is shared. */
const GRANTED_BY: Partial<Record<Permission, keyof Share>> = {
  'surveys:edit': 'canEdit',
  'surveys:activate': 'canActivate',
  'surveys:copy': 'canCopy',
  'distributions:access': 'canDistribute',
  'distributions:send': 'canDistribute',
  'mailer:access': 'canDistribute',
  'responses:export': 'canViewReports',
  'responses:view-personal-data': 'canViewReports',
};

/**
 * The one answer to "may this person do this (to this survey)?". Pages, API and jobs all ask here.
 * @returns undefined when yes, else the refusal that says why and whom to ask
 */
export function refusalFor(actor: Actor, permission: Permission, stake?: Stake): NotAllowed | undefined {
  if (!actor.permissions.has(permission)) {
    return lacking(permission);
  }
  if (stake === undefined || stake.ownerId === actor.userId || actor.permissions.has('brand:admin')) {
    return undefined;
  }
  const grant = GRANTED_BY[permission];
  if (grant !== undefined && stake.share?.[grant] === true) {
    return undefined;
  }
  return new NotAllowed(
    'This survey belongs to somebody else, and this was not shared with you.',
    `Ask ${stake.ownerName}, who owns the survey, to share it with you.`,
  );
}

export function may(actor: Actor, permission: Permission, stake?: Stake): boolean {
  return refusalFor(actor, permission, stake) === undefined;
}

/** @throws {NotAllowed} with the reason and whom to ask */
export function mustBeAllowed(actor: Actor, permission: Permission, stake?: Stake): void {
  const refusal = refusalFor(actor, permission, stake);
  if (refusal !== undefined) {
    throw refusal;
  }
}
