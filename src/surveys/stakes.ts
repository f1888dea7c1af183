import { mustBeAllowed, type Share, type Stake } from '../brands/access.js';
import { LockMode } from '@mikro-orm/core';
import type { Actor } from '../platform/auth/actor.js';
import type { Permission } from '../platform/auth/permissions.js';
import type { Unit } from '../platform/db/database.js';
import { NotFound } from '../platform/errors.js';
import { Survey } from './survey.entity.js';

/** A survey and what it is to the person who asks. */
export interface StakedSurvey {
  survey: Survey;
  stake: Stake;
}

interface StakeRow {
  owner_name: string;
  can_edit: boolean | null;
  can_view_reports: boolean | null;
  can_activate: boolean | null;
  can_copy: boolean | null;
  can_distribute: boolean | null;
}

const MISSING = 'There is no such survey, or it is not shared with you.';

/**
 * The survey with this number, for somebody who has a stake in it: the owner, a person with whom it is shared, or a
 * brand administrator.
 * @throws {NotFound} for everybody else, so that nobody learns which surveys exist
 * @throws {NotAllowed} when the stake lacks `permission`, with whom to ask
 */
export async function stakedSurvey(
  unit: Unit,
  actor: Actor,
  id: string,
  needs: { permission?: Permission | undefined; toChange?: boolean; withDraft?: boolean } = {},
): Promise<StakedSurvey> {
  // Reading a locked row afresh must not undo what this unit has changed so far.
  await unit.flush();
  const populate = needs.withDraft === true ? (['draft', 'importReport'] as const) : ([] as const);
  const survey = await unit.em.findOne(
    Survey,
    { id, deletedAt: null },
    {
      populate: populate as unknown as never[],
      ...(needs.toChange === true ? { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true } : {}),
    },
  );
  const stake = survey === null ? undefined : await stakeOf(unit, actor, survey);
  if (survey === null || stake === undefined) {
    throw new NotFound(MISSING);
  }
  if (needs.permission !== undefined) {
    mustBeAllowed(actor, needs.permission, stake);
  }
  return { survey, stake };
}

async function stakeOf(unit: Unit, actor: Actor, survey: Survey): Promise<Stake | undefined> {
  const [row] = await unit.prepared<StakeRow>(
    'survey-stake',
    `SELECT coalesce(nullif(trim(u.first_name || ' ' || u.last_name), ''), u.email) AS owner_name,
            s.can_edit, s.can_view_reports, s.can_activate, s.can_copy, s.can_distribute
     FROM users u LEFT JOIN survey_shares s ON s.brand_id = u.brand_id AND s.survey_id = $2 AND s.user_id = $3
     WHERE u.id = $1`,
    [survey.ownerId, survey.id, actor.userId],
  );
  const share = row === undefined ? undefined : shareOf(row);
  const isKnown = survey.ownerId === actor.userId || share !== undefined || actor.permissions.has('brand:admin');
  return row === undefined || !isKnown ? undefined : { ownerId: survey.ownerId, ownerName: row.owner_name, share };
}

function shareOf(row: StakeRow): Share | undefined {
  return row.can_edit === null
    ? undefined
    : {
        canEdit: row.can_edit,
        canViewReports: row.can_view_reports === true,
        canActivate: row.can_activate === true,
        canCopy: row.can_copy === true,
        canDistribute: row.can_distribute === true,
      };
}
