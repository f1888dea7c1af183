import { Injectable } from '@nestjs/common';
import { AccountsService } from '../../accounts/accounts.service.js';
import { mustBeAllowed, type Share } from '../../brands/access.js';
import { AuditService } from '../../brands/audit.service.js';
import type { Actor } from '../../platform/auth/actor.js';
import { Clock } from '../../platform/clock.js';
import { Database, type Unit } from '../../platform/db/database.js';
import { Invalid, NotFound } from '../../platform/errors.js';
import { type StakedSurvey, stakedSurvey } from '../stakes.js';

/** Somebody with whom a survey is shared, and what they may do there. */
export interface SharedWith {
  userId: string;
  name: string;
  email: string;
  share: Share;
}

/** A colleague with whom the survey is not shared yet. */
export interface Colleague {
  userId: string;
  name: string;
  email: string;
}

interface ShareRow {
  user_id: string;
  name: string;
  email: string;
  can_edit: boolean;
  can_view_reports: boolean;
  can_activate: boolean;
  can_copy: boolean;
  can_distribute: boolean;
}

const NAME = `coalesce(nullif(trim(u.first_name || ' ' || u.last_name), ''), u.email)`;

/** Who besides the owner works on a survey. The owner shares, and brand administrators may in the owner's place. */
@Injectable()
export class SharesService {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly accounts: AccountsService,
    private readonly audit: AuditService,
  ) {}

  async of(actor: Actor, surveyId: string): Promise<SharedWith[]> {
    return this.database.inBrand(actor.brandId, async (unit) => {
      await this.mustOwn(unit, actor, surveyId);
      const rows = await unit.sql<ShareRow>(
        `SELECT s.*, ${NAME} AS name, u.email
         FROM survey_shares s JOIN users u ON u.brand_id = s.brand_id AND u.id = s.user_id
         WHERE s.survey_id = $1 ORDER BY u.last_name, u.first_name, u.id`,
        [surveyId],
      );
      return rows.map((row) => ({ userId: row.user_id, name: row.name, email: row.email, share: shareOf(row) }));
    });
  }

  /** People of the brand with whom the survey could be shared. */
  async colleagues(actor: Actor, surveyId: string): Promise<Colleague[]> {
    return this.database.inBrand(actor.brandId, async (unit) => {
      const { survey } = await this.mustOwn(unit, actor, surveyId);
      return unit.sql<Colleague>(
        `SELECT u.id AS "userId", ${NAME} AS name, u.email FROM users u
         WHERE u.status <> 'disabled' AND u.id <> $2
           AND NOT EXISTS (SELECT FROM survey_shares s WHERE s.brand_id = u.brand_id AND s.survey_id = $1 AND s.user_id = u.id)
         ORDER BY u.last_name, u.first_name, u.id LIMIT 1000`,
        [surveyId, survey.ownerId],
      );
    });
  }

  /**
   * Shares the survey or changes the share; a share without any right still shows the survey's outline.
   * @returns the person's name
   */
  async share(actor: Actor, surveyId: string, userId: string, share: Share): Promise<string> {
    return this.database.inBrand(actor.brandId, async (unit) => {
      const { survey } = await this.mustOwn(unit, actor, surveyId);
      const person = await this.accounts.byIdIn(unit, userId);
      if (person === undefined || userId === survey.ownerId) {
        const message =
          person === undefined ? 'Choose a person of this brand.' : 'The owner may do everything already.';
        throw new Invalid(message, { person: message });
      }
      const before = await this.remove(unit, surveyId, userId);
      const rights = [share.canEdit, share.canViewReports, share.canActivate, share.canCopy, share.canDistribute];
      await unit.sql(
        `INSERT INTO survey_shares (brand_id, survey_id, user_id, can_edit, can_view_reports, can_activate, can_copy,
                                    can_distribute, shared_by, shared_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
         -- Somebody else shared it with the same person a moment ago: the later choice holds.
         ON CONFLICT (brand_id, survey_id, user_id) DO UPDATE SET can_edit = $4, can_view_reports = $5,
           can_activate = $6, can_copy = $7, can_distribute = $8, shared_by = $9, shared_at = $10`,
        [actor.brandId, surveyId, userId, ...rights, actor.userId, this.clock.now()],
      );
      await this.record(unit, actor, surveyId, userId, { ...(before === undefined ? {} : { before }), after: share });
      return person.name;
    });
  }

  /** Ends a share at once: the person's next request is refused. @returns the person's name */
  async unshare(actor: Actor, surveyId: string, userId: string): Promise<string> {
    return this.database.inBrand(actor.brandId, async (unit) => {
      await this.mustOwn(unit, actor, surveyId);
      const before = await this.remove(unit, surveyId, userId);
      if (before === undefined) {
        throw new NotFound('The survey is not shared with this person any more.');
      }
      await this.record(unit, actor, surveyId, userId, { before });
      return (await this.accounts.mustFindIn(unit, userId)).name;
    });
  }

  private async mustOwn(unit: Unit, actor: Actor, surveyId: string): Promise<StakedSurvey> {
    const found = await stakedSurvey(unit, actor, surveyId);
    // Nobody can grant this right on, so a stake that is no ownership refuses it and names the owner.
    mustBeAllowed(actor, 'surveys:collaborate', found.stake);
    return found;
  }

  private async remove(unit: Unit, surveyId: string, userId: string): Promise<Share | undefined> {
    const [row] = await unit.sql<ShareRow>(
      'DELETE FROM survey_shares WHERE survey_id = $1 AND user_id = $2 RETURNING *',
      [surveyId, userId],
    );
    return row === undefined ? undefined : shareOf(row);
  }

  private async record(
    unit: Unit,
    actor: Actor,
    surveyId: string,
    userId: string,
    change: { before?: Share; after?: Share },
  ): Promise<void> {
    const action = change.after === undefined ? 'survey.unshare' : 'survey.share';
    await this.audit.record(unit, actor, action, `survey ${surveyId} user ${userId}`, change);
  }
}

function shareOf(row: ShareRow): Share {
  return {
    canEdit: row.can_edit,
    canViewReports: row.can_view_reports,
    canActivate: row.can_activate,
    canCopy: row.can_copy,
    canDistribute: row.can_distribute,
  };
}
