import { Injectable } from '@nestjs/common';
import { PermissionsService } from '../brands/permissions.service.js';
import type { Unit } from '../platform/db/database.js';
import { ADMINISTRATORS_KINDS, type Happening } from './notice_kinds.js';

/** Whom a happening concerns: whoever sends; while they are away, whoever else may; while nobody may, the administrators. */
@Injectable()
export class Addressees {
  constructor(private readonly permissions: PermissionsService) {}

  /** @returns numbers of people who may sign in now and may see what it is about */
  async of(unit: Unit, happening: Happening, now: Date): Promise<string[]> {
    const administrators = async (): Promise<string[]> =>
      (await this.permissions.holders(unit, 'brand:admin')).map(({ userId }) => userId);
    if (happening.userIds !== undefined) {
      return this.whoMaySend(unit, happening.userIds);
    }
    if (happening.distributionId === undefined) {
      return administrators();
    }
    const around = await this.around(unit, happening.distributionId, now);
    const owner = around.filter(({ isOwner }) => isOwner);
    const told = (owner.length > 0 ? owner : around).map(({ userId }) => userId);
    if (!ADMINISTRATORS_KINDS.includes(happening.kind)) {
      return told.length > 0 ? told : administrators();
    }
    // Whoever hears of it as its author hears of it once.
    return (await administrators()).filter((userId) => !told.includes(userId));
  }

  private async whoMaySend(unit: Unit, userIds: readonly string[]): Promise<string[]> {
    const found: string[] = [];
    for (const userId of userIds) {
      if ((await this.permissions.ofIn(unit, userId)).has('distributions:access')) {
        found.push(userId);
      }
    }
    return found;
  }

  /** The owner of a distribution, and those who may send for its survey. */
  private async around(unit: Unit, distributionId: string, now: Date): Promise<{ userId: string; isOwner: boolean }[]> {
    const people = await unit.sql<{ userId: string; isOwner: boolean; isAmong: boolean }>(
      `SELECT u.id AS "userId", u.id = d.owner_id AS "isOwner",
         u.id = s.owner_id OR EXISTS (SELECT FROM survey_shares h WHERE h.survey_id = s.id AND h.user_id = u.id AND h.can_distribute) AS "isAmong"
       FROM distributions d JOIN surveys s ON s.brand_id = d.brand_id AND s.id = d.survey_id
       JOIN users u ON u.brand_id = d.brand_id AND (u.id IN (d.owner_id, s.owner_id)
         OR u.id IN (SELECT h.user_id FROM survey_shares h WHERE h.survey_id = s.id AND h.can_distribute))
       WHERE d.id = $1 AND u.status <> 'disabled' AND (u.expires_at IS NULL OR u.expires_at > $2) ORDER BY u.id LIMIT 100`,
      [distributionId, now],
    );
    const found: { userId: string; isOwner: boolean }[] = [];
    for (const { userId, isOwner, isAmong } of people) {
      const may = await this.permissions.ofIn(unit, userId);
      if (may.has('distributions:access') && (isAmong || may.has('brand:admin'))) {
        found.push({ userId, isOwner });
      }
    }
    return found;
  }
}
