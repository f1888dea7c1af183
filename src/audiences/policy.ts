import type { Bindings } from '../platform/db/bindings.js';
import type { Distribution, HoldReason } from '../ledger/distribution.entity.js';
import { TURNED_AWAY } from '../ledger/reasons.js';
import { endOf, endOfRow, isWalkClosed } from '../ledger/finished.sql.js';
import { frequencyVerdicts } from './frequency/frequency.sql.js';
import { offListAt } from './audience.sql.js';
import { type Rivals, sentRecently } from './exclusion.sql.js';

/** What planning knows of the audience and of other sends before it asks about each person. */
export interface AudienceRivals extends Rivals {
  /** Contacts whose address an earlier contact of the audience has as well. */
  duplicates: string[];
}

/** Planning asks about contact `c` and its membership `m`; of a follow-up also as `FollowUp` says. */
export interface PlannedFor {
  distribution: Distribution;
  facts: AudienceRivals;
  now: Date;
  bindings: Bindings;
}

/**
 * Of reminders and thank-yous planning and the wire ask the very same: their invitation is `invitation`, its message `i`, the
 * link that both carry `l`. All else is SQL that says it there.
 */
interface FollowUp {
  type: string;
  thanksTurnedAway: string;
  /** A row with the `contact_id` and `survey_id` of whoever is asked about. */
  person: string;
  at: string;
}

/** When the reason holds, or an expression that says its code, or null where it doesn't hold. */
export type Asked = { when: string } | { says: string };

/** What becomes of a distribution that is not let through: it waits for something outside, or ends with a code. */
export type Closing = { reason: HoldReason; words: string } | { code: string; words: string };

/** Why somebody gets nothing. `distributions.reason.CODE` has the words of what concerns a person. */
export interface Reason {
  code: string;
  /** Further codes that the same question answers with. */
  also?: readonly string[];
  /** Person: a row is skipped. Distribution: it closes or waits, rows stay. Address: the row is queued once more for another one. */
  concerns: 'person' | 'distribution' | 'address';
  /** Asked when planning; it answers undefined where it can't hold of this distribution. */
  planning?: (asked: PlannedFor) => Asked | undefined;
  /**
   * Asked in the transaction that takes a message to the wire, as `ASKS` of `ledger.sql.ts` calls its rows; `$2` is the
   * instant. Mailer: it looks when it puts the mail together.
   */
  wire?: Asked | 'mailer';
  /** Asked of reminders and thank-yous when planning and at the wire. These stand in one run: the wire asks them at once. */
  followUp?: (followUp: FollowUp) => Asked;
  /** It holds since an instant, which the ledger keeps beside it. */
  isDated?: true;
  /** Decided by what others send: asked again of what is queued once more. */
  isOfOthers?: true;
  /** No personal link is made either; the file of links says it so. */
  noLink?: string;
  closing?: Closing;
}

/** How a code begins that concerns the distribution. */
export const HOLD = 'hold:';

/**
 * The contact has another address now: the message is queued once more for that one, with the tries and the provider of a
 * new one. Nothing of this try is to be written down.
 */
export const READDRESSED = 'readdressed';

// A rough look, without counted repetitions: those cost 17 µs an address instead of 0.7. The mailer looks exactly.
const ADDRESS = String.raw`^[^@\s<>"(),:;\\]+@[^@\s<>"(),:;\\.]+(\.[^@\s<>"(),:;\\.]+)+$`;

/**
 * The one page of policy: may this person get it? Every reason why not, in the order in which they are asked; the first one
 * that holds is told. Planning's statement, the one at the wire, and the table in the README are made of this list.
 */
export const POLICY: readonly Reason[] = [
  {
    code: 'hold:cancelled',
    concerns: 'distribution',
    wire: { when: `d.deleted_at IS NOT NULL OR d.status = 'cancelled'` },
  },
  {
    code: 'hold:STATUS',
    concerns: 'distribution',
    wire: { says: `CASE WHEN d.status <> 'sending' THEN '${HOLD}' || d.status END` },
  },
  {
    code: 'hold:brand_suspended',
    concerns: 'distribution',
    wire: { when: `b.status <> 'active'` },
    closing: {
      reason: 'brand_suspended',
      words: 'This brand is suspended. Sending goes on when it is active again.',
    },
  },
  {
    code: 'hold:survey_deleted',
    concerns: 'distribution',
    wire: { when: 's.deleted_at IS NOT NULL' },
    closing: { code: 'EQD12', words: 'The survey was deleted while this was being sent.' },
  },
  {
    code: 'hold:survey_paused',
    concerns: 'distribution',
    wire: { when: `s.stage <> 'active' AND d.request_type <> 'ThankYou'` },
    closing: {
      reason: 'survey_paused',
      words: 'The survey takes no responses at the moment. Sending goes on when it is resumed.',
    },
  },
  {
    code: 'survey_closed',
    concerns: 'person',
    wire: { when: `s.available_until <= $2 AND d.request_type <> 'ThankYou'` },
  },
  { code: 'contact_deleted', concerns: 'person', wire: { when: 'c.id IS NULL' } },
  {
    code: 'no_address',
    concerns: 'person',
    planning: ofMails({ when: `c.email = ''` }),
    wire: { when: `c.email = ''` },
  },
  {
    code: 'invalid_address',
    concerns: 'person',
    planning: ofMails({ when: `length(c.email) > 254 OR strpos(c.email, '@') > 65 OR c.email !~ '${ADDRESS}'` }),
    wire: 'mailer',
  },
  {
    code: 'opted_out_brand',
    concerns: 'person',
    planning: () => ({ when: 'c.opted_out_at IS NOT NULL' }),
    // The wish may have been said by a mail to an older address.
    wire: { when: 'coalesce(c.opted_out_at, kept.at) IS NOT NULL' },
    isDated: true,
    noLink: 'opted out',
  },
  {
    code: 'opted_out_list',
    concerns: 'person',
    planning: ({ distribution, bindings }) => ({ when: `${offListAt(distribution, bindings)} IS NOT NULL` }),
    wire: { when: 'coalesce(p.opted_out_at, drawn.at) IS NOT NULL' },
    isDated: true,
    noLink: 'opted out of the list',
  },
  { code: READDRESSED, concerns: 'address', wire: { when: 'c.email <> m.address' } },
  {
    code: 'suppressed',
    concerns: 'person',
    planning: ({ now, bindings }) => ({ when: isSuppressed(instant(now, bindings)) }),
    wire: { when: isSuppressed('$2') },
    noLink: 'address bounced or complained',
  },
  {
    code: 'duplicate_address',
    concerns: 'person',
    planning: ({ distribution, facts, bindings }) =>
      distribution.channel === 'email'
        ? { when: `c.id = ANY (${bindings.put(facts.duplicates)}::bigint[])` }
        : undefined,
    // Planning has not asked it of an address that came late. Of two that were given it late the first one gets it.
    wire: {
      when: `m.readdressed_at IS NOT NULL AND d.duplicates <> 'all' AND EXISTS (SELECT FROM messages o
        WHERE o.brand_id = m.brand_id AND o.address_key = m.address_key AND o.id <> m.id AND o.distribution_id = m.distribution_id
          AND CASE WHEN o.state IN ('queued', 'leased') THEN o.readdressed_at IS NULL OR o.id < m.id
                ELSE o.state IN ('wire', 'accepted', 'uncertain') END)`,
    },
  },
  {
    code: 'finished',
    also: TURNED_AWAY,
    concerns: 'person',
    planning: ({ distribution: { channel, brandId, surveyId, skipFinished, parentId }, bindings }) =>
      channel === 'email' && skipFinished && parentId === null
        ? { says: endOf(bindings.put(brandId), 'c.id', bindings.put(surveyId)) }
        : undefined,
    wire: { says: `CASE WHEN d.skip_finished AND d.parent_id IS NULL THEN ${endOfRow('m')} END` },
    followUp: ({ type, person }) => ({ says: `CASE WHEN ${type} <> 'ThankYou' THEN ${endOfRow('i', person)} END` }),
  },
  {
    code: 'hold:invitation_deleted',
    concerns: 'distribution',
    followUp: () => ({ when: 'invitation.deleted_at IS NOT NULL' }),
    closing: { code: 'EQD14', words: 'The invitation was deleted, and its reminders and thank-yous with it.' },
  },
  {
    code: 'not_invited',
    concerns: 'person',
    followUp: ({ type }) => ({
      when: `i.id IS NULL OR (${type} <> 'ThankYou' AND i.state NOT IN ('accepted', 'uncertain'))`,
    }),
  },
  {
    code: 'not_finished',
    also: TURNED_AWAY,
    concerns: 'person',
    followUp: ({ type, thanksTurnedAway, person }) => ({
      says: `CASE WHEN ${type} = 'ThankYou' THEN (SELECT CASE WHEN kind IS NULL THEN 'not_finished'
        WHEN kind <> 'finished' AND NOT ${thanksTurnedAway} THEN kind END FROM (SELECT ${endOfRow('i', person)} AS kind) ended) END`,
    }),
  },
  {
    code: 'bounced',
    concerns: 'person',
    followUp: ({ type }) => ({
      when: `${type} <> 'ThankYou' AND i.bounced_at IS NOT NULL AND i.bounce_type IS DISTINCT FROM 'soft'`,
    }),
  },
  {
    code: 'complained',
    concerns: 'person',
    followUp: ({ type }) => ({ when: `${type} <> 'ThankYou' AND i.complained_at IS NOT NULL` }),
  },
  {
    code: 'walk_closed',
    concerns: 'person',
    followUp: ({ type }) => ({ when: `${type} <> 'ThankYou' AND ${isWalkClosed('i')}` }),
  },
  {
    code: 'link_expired',
    concerns: 'person',
    wire: { when: `d.parent_id IS NULL AND d.request_type <> 'ThankYou' AND (${isLinkOver('$2')})` },
    followUp: ({ type, at }) => ({ when: `${type} <> 'ThankYou' AND (${isLinkOver(at)})` }),
  },
  {
    code: 'sent_recently',
    concerns: 'person',
    planning: ({ distribution, facts: { twins }, now, bindings }) =>
      distribution.channel === 'email' && twins.length > 0
        ? { when: sentRecently(twins, instant(now, bindings), bindings) }
        : undefined,
    // As of double addresses; also of what is sent once more. By the address there are few rows: CASE keeps it from the index
    // of the content, by which there may be millions.
    wire: {
      when: `(m.readdressed_at IS NOT NULL OR m.resends > 0) AND EXISTS (SELECT FROM messages o
        JOIN distributions t ON t.brand_id = o.brand_id AND t.id = o.distribution_id
        WHERE o.brand_id = m.brand_id AND o.address_key = m.address_key AND o.id <> m.id
          AND CASE WHEN o.distribution_id <> m.distribution_id THEN t.content_key = d.content_key END
          AND CASE WHEN o.state IN ('queued', 'leased') THEN o.readdressed_at IS NULL OR o.id < m.id
                ELSE o.state = 'wire' OR (o.state IN ('accepted', 'uncertain')
                  AND coalesce(o.wire_at, o.dated_at) > $2::timestamptz - interval '12 hours') END)`,
    },
    isOfOthers: true,
  },
  {
    code: 'frequency',
    concerns: 'person',
    planning: ({ distribution, facts: { rules }, now, bindings }) =>
      distribution.channel === 'email' && rules.length > 0
        ? { says: `CASE ${frequencyVerdicts(rules, { distribution, now, bindings })} END` }
        : undefined,
    isOfOthers: true,
  },
];

function ofMails(asked: Asked): NonNullable<Reason['planning']> {
  return ({ distribution: { channel } }) => (channel === 'email' ? asked : undefined);
}

function instant(now: Date, bindings: Bindings): string {
  return `${bindings.put(now)}::timestamptz`;
}

/** At the wire the message's address is the contact's by then. */
function isSuppressed(at: string): string {
  return `EXISTS (SELECT FROM suppressions x WHERE x.brand_id = c.brand_id AND x.channel = 'email'
    AND x.address_hash = suppression_hash(c.email) AND (x.expires_at IS NULL OR x.expires_at > ${at}))`;
}

function isLinkOver(at: string): string {
  return `l.revoked_at IS NOT NULL OR l.expires_at <= ${at}`;
}
