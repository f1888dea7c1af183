import { type ContactCondition, ContactConditions } from '../../contacts/segments/contact_conditions.js';
import type { Bindings } from '../../platform/db/bindings.js';
import type { Unit } from '../../platform/db/database.js';
import type { Distribution } from '../../ledger/distribution.entity.js';

const CONDITIONS = new ContactConditions();

export type CountedKind = 'Invite' | 'Reminder' | 'ThankYou';

/** How often somebody may be written to. */
export interface FrequencyRule {
  id: string;
  name: string;
  isOn: boolean;
  /** At most so many mails within `periodHours`. */
  most: number | null;
  periodHours: number | null;
  /** So many hours between two mails. */
  gapHours: number | null;
  listId: string | null;
  surveyId: string | null;
  counts: CountedKind[];
  conditions: ContactCondition[];
}

export const RULE = `r.id, r.name, r.is_on AS "isOn", r.most, r.period_hours AS "periodHours", r.gap_hours AS "gapHours",
  r.list_id AS "listId", r.survey_id AS "surveyId", r.counts, r.conditions`;

/** The rules that say something about a distribution: a rule limits what it counts. */
export function rulesFor(
  unit: Unit,
  { requestType, surveyId, parentId, audience: { listId } }: Distribution,
): Promise<FrequencyRule[]> {
  return unit.sql<FrequencyRule>(
    `SELECT ${RULE} FROM frequency_rules r JOIN brands b ON b.id = r.brand_id
     WHERE r.is_on AND $1 = ANY (r.counts) AND (r.list_id IS NULL OR r.list_id = $2) AND (r.survey_id IS NULL OR r.survey_id = $3)
       AND ($4::bigint IS NULL OR b.frequency_of_follow_ups) ORDER BY r.id`,
    [requestType, listId, surveyId, parentId],
  );
}

/**
 * When a rule forbids to write to contact `c`, and that it was this one: a WHEN of the verdict for each. The index on
 * messages by contact and date answers it, whatever else was sent.
 */
export function frequencyVerdicts(
  rules: readonly FrequencyRule[],
  { distribution, now, bindings }: { distribution: Distribution; now: Date; bindings: Bindings },
): string {
  const own = `${bindings.put(distribution.id)}::bigint`;
  const at = `${bindings.put(now)}::timestamptz`;
  return rules
    .map((rule) => {
      const isMeant = CONDITIONS.sqlOf(rule.conditions, bindings);
      const reason = bindings.put(`frequency:${rule.id}:${rule.name}`);
      return `WHEN ${isMeant} AND (${limitsOf(rule, { own, at, bindings })}) THEN ${reason}::text`;
    })
    .join('\n    ');
}

interface Asked {
  own: string;
  at: string;
  bindings: Bindings;
}

function limitsOf(rule: FrequencyRule, asked: Asked): string {
  const { most, periodHours, gapHours } = rule;
  const limits: string[] = [];
  if (most !== null && periodHours !== null) {
    const within = mailsOf(rule, periodHours, asked);
    limits.push(
      `(SELECT count(*) FROM (${within} LIMIT ${asked.bindings.put(most)}::int) counted) >= ${asked.bindings.put(most)}::int`,
    );
  }
  if (gapHours !== null) {
    limits.push(`EXISTS (${mailsOf(rule, gapHours, asked)})`);
  }
  return limits.join(' OR ');
}

/** What somebody got in these hours, or is about to get, whenever that was planned. */
function mailsOf({ counts, listId, surveyId }: FrequencyRule, hours: number, { own, at, bindings }: Asked): string {
  const list = listId === null ? '' : ` AND fd.list_id = ${bindings.put(listId)}::bigint`;
  const survey = surveyId === null ? '' : ` AND fd.survey_id = ${bindings.put(surveyId)}::bigint`;
  return `SELECT FROM messages f JOIN distributions fd ON fd.brand_id = f.brand_id AND fd.id = f.distribution_id
    WHERE f.brand_id = c.brand_id AND f.contact_id = c.id
      AND (greatest(f.dated_at, f.wire_at) > ${at} - make_interval(hours => ${bindings.put(hours)}::int) OR f.state IN ('queued', 'leased', 'wire'))
      AND f.distribution_id <> ${own} AND f.state IN ('queued', 'leased', 'wire', 'accepted', 'uncertain')
      AND fd.channel = 'email' AND fd.request_type = ANY (${bindings.put(counts)}::text[])${list}${survey}`;
}
