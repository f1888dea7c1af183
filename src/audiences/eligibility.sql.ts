import { type Asked, type PlannedFor, POLICY, type Reason } from './policy.js';

/** Why a contact of an audience gets no mail, or no link to be handed out; null: they get it. */
export function verdictOf(asked: PlannedFor): string {
  const { requestType, thanksTurnedAway, parentId, channel } = asked.distribution;
  const followUp = {
    type: `'${requestType}'`,
    thanksTurnedAway: String(thanksTurnedAway),
    person: 'i',
    // Bound when it is asked for.
    get at(): string {
      return `${asked.bindings.put(asked.now)}::timestamptz`;
    },
  };
  return firstOf(
    POLICY.filter(({ noLink }) => channel === 'email' || noLink !== undefined).flatMap((reason) => [
      told(reason, reason.planning?.(asked)),
      told(reason, parentId === null ? undefined : reason.followUp?.(followUp)),
    ]),
  );
}

/** The part of it that other sends decide, for what is queued once more: contact `c` may be none. */
export function verdictOfOthers(asked: PlannedFor): string {
  return firstOf(
    POLICY.filter(({ isOfOthers }) => isOfOthers === true).map((reason) => told(reason, reason.planning?.(asked))),
  );
}

/** Codes of reasons that hold since an instant, as a list in SQL. */
export const DATED_REASONS = POLICY.filter(({ isDated }) => isDated === true)
  .map(({ code }) => `'${code}'`)
  .join(', ');

const OF_FOLLOW_UPS = POLICY.filter(({ followUp }) => followUp !== undefined);

/** The invitation is looked up for reminders and thank-yous alone. */
const OF_FOLLOW_UP = `CASE WHEN d.parent_id IS NOT NULL THEN (
    SELECT ${firstOf(OF_FOLLOW_UPS.map((reason) => told(reason, reason.followUp?.({ type: 'd.request_type', thanksTurnedAway: 'd.thanks_turned_away', person: 'm', at: '$2' }))))}
    FROM distributions invitation
    LEFT JOIN messages i ON i.brand_id = invitation.brand_id AND i.distribution_id = invitation.id AND i.contact_id = m.contact_id
    WHERE invitation.brand_id = d.brand_id AND invitation.id = d.parent_id) END`;

/** Why a message is not let through to the wire; null: it is. */
export const VERDICT_AT_WIRE = firstOf(
  POLICY.flatMap((reason) => [
    told(reason, reason.wire === 'mailer' ? undefined : reason.wire),
    reason === OF_FOLLOW_UPS[0] ? { says: OF_FOLLOW_UP } : undefined,
  ]),
);

type Told = { when: string; code: string } | { says: string } | undefined;

function told({ code }: Reason, asked: Asked | undefined): Told {
  return asked !== undefined && 'when' in asked ? { ...asked, code } : asked;
}

/** Asked one after the other; neighbouring conditions share a CASE. */
function firstOf(questions: readonly Told[]): string {
  const parts: string[] = [];
  let whens: string[] = [];
  const close = (): void => {
    parts.push(...(whens.length === 0 ? [] : [`CASE ${whens.join('\n      ')} END`]));
    whens = [];
  };
  for (const question of questions) {
    if (question !== undefined && 'when' in question) {
      whens.push(`WHEN ${question.when} THEN '${question.code}'`);
    } else if (question !== undefined) {
      close();
      parts.push(question.says);
    }
  }
  close();
  return parts.length === 0 ? 'NULL::text' : `coalesce(${parts.join(',\n    ')})`;
}
