import { endOfRow, isWalkClosed } from '../finished.sql.js';

/** The follow-up as SQL: what holds its request type, and whether its thanks also go to people who were turned away. */
interface FollowUpSql {
  type: string;
  thanksTurnedAway: string;
}

/**
 * Why somebody gets no reminder or thank-you, as SQL. Planning and the gate ask the very same question; the gate asks it
 * in the transaction that takes the message to the wire, so whoever has finished in between gets none.
 *
 * @param person whose id and survey it is: rows with `contact_id` and `survey_id`
 * The message of the invitation is `i`, its distribution `invitation`.
 */
export function followUpVerdict({ type, thanksTurnedAway }: FollowUpSql, person: string): string {
  const end = endOfRow('i', person);
  return `CASE
    WHEN invitation.deleted_at IS NOT NULL THEN 'hold:invitation_deleted'
    WHEN i.id IS NULL THEN 'not_invited'
    WHEN ${type} = 'ThankYou' THEN (SELECT CASE WHEN kind IS NULL THEN 'not_finished'
      WHEN kind <> 'finished' AND NOT ${thanksTurnedAway} THEN kind END FROM (SELECT ${end} AS kind) ended)
    WHEN i.state NOT IN ('accepted', 'uncertain') THEN 'not_invited'
    WHEN i.bounced_at IS NOT NULL AND i.bounce_type IS DISTINCT FROM 'soft' THEN 'bounced'
    WHEN i.complained_at IS NOT NULL THEN 'complained'
    ELSE coalesce(${end}, CASE WHEN ${isWalkClosed('i')} THEN 'walk_closed' END)
  END`;
}

/** The same at the gate, for message `m` of distribution `d`; null for everything that follows nothing. */
export const FOLLOW_UP_AT_GATE = `CASE WHEN d.parent_id IS NOT NULL THEN (
    SELECT ${followUpVerdict({ type: 'd.request_type', thanksTurnedAway: 'd.thanks_turned_away' }, 'm')} FROM distributions invitation
    LEFT JOIN messages i ON i.brand_id = invitation.brand_id AND i.distribution_id = invitation.id AND i.contact_id = m.contact_id
    WHERE invitation.brand_id = d.brand_id AND invitation.id = d.parent_id) END`;
