import type { Unit } from '../../platform/db/database.js';
import type { Distribution } from '../../ledger/distribution.entity.js';
import type { SendingPlan } from '../../ledger/sending_plan.js';

/** What an invitation and those that follow it tell of each other. */
export type Kin = Pick<
  Distribution,
  | 'id'
  | 'parentId'
  | 'requestType'
  | 'status'
  | 'name'
  | 'heading'
  | 'sendAt'
  | 'sentAt'
  | 'finishedAt'
  | 'afterHours'
  | 'afterWhat'
  | 'atOnce'
  | 'nextRoundAt'
  | 'timeZone'
  | 'linkType'
  | 'linkDays'
  | 'linkExpiresAt'
> & { plan: Pick<SendingPlan, 'window'> };

/** The families of these invitations, in the order in which they were made; without words, which can be long. */
export function kinOf(unit: Unit, invitations: string[]): Promise<Kin[]> {
  return invitations.length === 0
    ? Promise.resolve([])
    : unit.sql<Kin>(
        `SELECT id, parent_id AS "parentId", request_type AS "requestType", status, name, heading, send_at AS "sendAt", sent_at AS "sentAt",
           finished_at AS "finishedAt", after_hours AS "afterHours", after_what AS "afterWhat", at_once AS "atOnce",
           next_round_at AS "nextRoundAt", time_zone AS "timeZone", jsonb_build_object('window', sending_window) AS plan, link_type AS "linkType",
           link_days AS "linkDays", link_expires_at AS "linkExpiresAt"
         FROM distributions WHERE deleted_at IS NULL AND (id = ANY ($1) OR parent_id = ANY ($1)) ORDER BY id`,
        [invitations],
      );
}
