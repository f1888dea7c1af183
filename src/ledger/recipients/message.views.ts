import type { Actor } from '../../platform/auth/actor.js';
import type { Unit } from '../../platform/db/database.js';
import { foreignWords, replyWords } from '../../platform/foreign/foreign_words.js';
import type { DistributionWords } from '../distribution_words.js';
import { capital, OF_PERSON, reasonWords } from './recipients.views.js';
import type { AttemptRow, RecipientRow } from './recipients.sql.js';

/** Something that came in about a message. */
export interface EventRow {
  kind: string;
  source: string;
  at: Date;
  level: string | null;
  /** The words that came with it. */
  evidence: string | null;
  code: number | null;
  enhanced: string | null;
  /** Why it changed nothing, or less than it says, and whom it names instead. */
  note: string | null;
  recipient: string | null;
  /** Another address of the contact took the place of this one. */
  from: string | null;
  to: string | null;
}

export function eventsOf(unit: Unit, messageId: string): Promise<EventRow[]> {
  return unit.sql<EventRow>(
    `SELECT kind, source, at, content ->> 'level' AS level, content ->> 'evidence' AS evidence,
       (content ->> 'code')::int AS code, content ->> 'enhanced' AS enhanced, content ->> 'note' AS note,
       content ->> 'recipient' AS recipient, content ->> 'from' AS "from", content ->> 'to' AS "to"
     FROM message_events WHERE message_id = $1 ORDER BY at, id`,
    [messageId],
  );
}

interface Known {
  row: RecipientRow;
  attempts: AttemptRow[];
  events: EventRow[];
}

interface Entry {
  at: Date;
  /** Told to the day: it stands after the mail that it follows. */
  isDay?: boolean;
  title: string;
  tone?: string;
  text?: string | undefined;
  reply?: string | undefined;
}

const TONES: Record<string, string> = {
  accepted: 'done',
  deferred: 'hold',
  refused: 'fail',
  not_sent: 'hold',
  uncertain: 'unsure',
  skipped: 'idle',
  wire: 'run',
};

const DATES: readonly [keyof RecipientRow & `${string}At`, string, string][] = [
  ['openedAt', 'opened', 'run'],
  ['startedAt', 'started', 'run'],
  ['sessionExpiredAt', 'session_expired', 'hold'],
  ['partialAt', 'partial', 'run'],
  ['finishedAt', 'finished', 'done'],
  ['screenedOutAt', 'screened_out', 'idle'],
  ['quotaFullAt', 'quota_full', 'idle'],
  ['bouncedAt', 'bounced', 'fail'],
  ['complainedAt', 'complained', 'fail'],
];

/** Everything that happened to one message, oldest first: planning, each try, and what the person did. */
export function timelineOf({ row, attempts, events }: Known, actor: Actor, words: DistributionWords): object[] {
  const entries = [
    ...beginning(row, actor, words),
    ...attempts.map((attempt) => attemptEntry(attempt, words)),
    ...DATES.flatMap(([date, kind, tone]): Entry[] => {
      const at = row[date];
      const isTold = events.some((event) => event.kind === kind);
      const isDay = row.exactness === 'day' && OF_PERSON.some((one) => one === date);
      const isAttempt = kind === 'bounced' && row.state === 'failed'; // its last try tells it
      return at instanceof Date && !isTold && !isAttempt
        ? [{ at, isDay, title: words.say(`event.${kind}`), tone }]
        : [];
    }),
    ...events.map((event) => eventEntry(event, words)),
  ];
  const sent = (row.acceptedAt ?? row.datedAt)?.getTime() ?? 0;
  const place = ({ at, isDay }: Entry): number => (isDay === true ? Math.max(at.getTime(), sent) : at.getTime());
  return entries
    .sort((one, other) => place(one) - place(other))
    .map(({ at, isDay, ...entry }) => ({ ...entry, when: isDay === true ? words.day(at) : words.when(actor, at) }));
}

function beginning(row: RecipientRow, actor: Actor, words: DistributionWords): Entry[] {
  const { state, datedAt } = row;
  if (datedAt === null) {
    return [];
  }
  const reason = reasonWords(row, actor, words);
  const isOut = (state === 'skipped' || state === 'cancelled') && reason !== undefined;
  return isOut
    ? [{ at: datedAt, title: words.say(`event.${state}`), text: `${capital(reason)}.` }]
    : [{ at: datedAt, title: words.say('event.planned') }];
}

function attemptEntry(attempt: AttemptRow, words: DistributionWords): Entry {
  const { number, startedAt, endedAt, outcome, host, phase, code, enhanced, reply } = attempt;
  const step = words.knows(`phase.${phase}`) ? words.say(`phase.${phase}`) : phase;
  return {
    at: endedAt ?? startedAt,
    title: words.say('attempt.title', { number, outcome: words.say(`attempt.${outcome}`) }),
    tone: TONES[outcome] ?? 'idle',
    text: host === null ? capital(step) : words.say('attempt.at', { host, phase: step }),
    reply: replyWords({ code, enhanced, text: reply }) || undefined,
  };
}

const EVENT_TONES: Readonly<Record<string, string>> = {
  opted_out: 'hold',
  bounced: 'fail',
  complained: 'fail',
  delay: 'hold',
};

function eventEntry(event: EventRow, words: DistributionWords): Entry {
  const { kind, at, level, evidence, code, enhanced, from, to, ...told } = event;
  if (kind === 'readdressed' && from !== null && to !== null) {
    return { at, title: words.say('event.readdressed'), text: words.say('event.readdressedTo', { from, to }) };
  }
  const name = told.note === null || !words.knows(`event.told.${kind}`) ? kind : `told.${kind}`;
  const title = words.knows(`event.${name}`) ? words.say(`event.${name}`) : kind;
  const scope = level === null ? noteWords(told, words) : capital(words.say(`event.${level}`));
  const tone = EVENT_TONES[kind];
  return {
    at,
    title,
    text: scope,
    reply: replyWords({ code, enhanced, text: evidence }) || undefined,
    ...(tone === undefined ? {} : { tone }),
  };
}

function noteWords(
  { note, recipient }: Pick<EventRow, 'note' | 'recipient'>,
  words: DistributionWords,
): string | undefined {
  const address = foreignWords(recipient ?? '', 320);
  return note === null || !words.knows(`event.note.${note}`) ? undefined : words.say(`event.note.${note}`, { address });
}
