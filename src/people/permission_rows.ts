import { Injectable } from '@nestjs/common';
import type { User } from '../accounts/user.entity.js';
import type { Actor } from '../platform/auth/actor.js';
import { PERMISSIONS } from '../platform/auth/permissions.js';
import { addresses } from '../platform/web/addresses.js';
import { PeopleWords } from './people_words.js';
import type { EffectivePermission, PermissionState } from '../brands/permissions.service.js';
import { permissionGroups } from './permission_groups.js';
import { PermissionsService } from '../brands/permissions.service.js';

const STATES: PermissionState[] = ['type', 'on', 'off'];

/** The switches of a person's permissions as models of their part. */
@Injectable()
export class PermissionRows {
  constructor(
    private readonly permissions: PermissionsService,
    private readonly words: PeopleWords,
  ) {}

  async groups(actor: Actor, user: User): Promise<object[]> {
    const all = await this.permissions.explained(actor.brandId, user.id);
    return permissionGroups().map(({ name, permissions }) => ({
      title: this.words.say(`permissions.groups.${name}`),
      id: `permissions_${name}`,
      rows: all
        .filter(({ permission }) => permissions.includes(permission))
        .map((one) => this.row(actor, user.id, one)),
    }));
  }

  /** @param isSaved whether it was just changed: the row says so */
  row(actor: Actor, userId: string, entry: EffectivePermission, isSaved = false): object {
    const { permission, isOn } = entry;
    const id = permission.replaceAll(/\W/g, '_');
    const { label, help } = PERMISSIONS[permission];
    return {
      id,
      permission,
      label,
      help,
      action: addresses.people.permissions(this.words.shown(userId)),
      states: STATES.map((state) => ({
        id: `permission_${id}_${state}`,
        value: state,
        label: this.words.say(`permissions.states.${state}`),
        isChosen: state === entry.state,
        isClosed: isOwnAdministration(actor, userId, entry) && !keepsOn(state, entry),
      })),
      reason: isOwnAdministration(actor, userId, entry) ? this.words.say('permissions.own') : undefined,
      effect: {
        tone: isOn ? 'done' : 'idle',
        icon: isOn ? 'check' : 'ban',
        text: this.words.say(isOn ? 'permissions.on' : 'permissions.off'),
      },
      source: this.source(entry),
      isSaved,
    };
  }

  private source({ state, byType, typeName }: EffectivePermission): string {
    const { say } = this.words;
    return state === 'type'
      ? say('permissions.fromType', { type: typeName })
      : say(byType ? 'permissions.setAgainstOn' : 'permissions.setAgainstOff', { type: typeName });
  }
}

function isOwnAdministration(actor: Actor, userId: string, { permission }: EffectivePermission): boolean {
  return permission === 'brand:admin' && userId === actor.userId;
}

function keepsOn(state: PermissionState, { byType }: EffectivePermission): boolean {
  return state === 'on' || (state === 'type' && byType);
}
