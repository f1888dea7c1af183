import type { Actor } from '../../platform/auth/actor.js';
import { replyWords } from '../../platform/foreign/foreign_words.js';
import type { Moment } from '../../platform/web/moments.js';
import type { LinkType } from '../composition.js';
import { figure } from '../../platform/figures.js';
import { type DistributionWords } from '../distribution_words.js';
import { reasonKey } from '../reasons.js';
import { closedLinkWords, linkStateOf } from './link_state.js';
import { type RecipientStatus, statusOf } from './recipient_status.js';
import { EVENTS, type RecipientEvent, type RecipientFilter, type RecipientRow } from './recipients.sql.js';
import { audienceIn, type Tallies, type TallyName, waitingIn } from '../tallies.js';

/** What the chips above the recipients choose. */
export const SHOWN = [
  'all',
  'waiting',
  'accepted',
  'failed',
  'bounced',
  'skipped',
  'uncertain',
  'opened',
  'started',
  'finished',
  'screened_out',
  'quota_full',
  'session_expired',
  'partial',
  'opted_out',
  'complained',
  'cancelled',
] as const;
export type ShownRecipients = (typeof SHOWN)[number];

/** The filter of a chip. */
export function filterOf(shown: ShownRecipients): Pick<RecipientFilter, 'states' | 'event'> {
  if (isEvent(shown)) {
    return { event: shown };
  }
  if (shown === 'waiting') {
    return { states: ['planned', 'queued', 'leased', 'wire'] };
  }
  const state = (['accepted', 'failed', 'skipped', 'uncertain', 'cancelled'] as const).find((name) => name === shown);
  return state === undefined ? {} : { states: [state] };
}

function isEvent(shown: ShownRecipients): shown is RecipientEvent {
  return Object.hasOwn(EVENTS, shown);
}

export function countOf(shown: ShownRecipients, tallies: Tallies): number {
  if (shown === 'all') {
    return audienceIn(tallies);
  }
  return shown === 'waiting' ? waitingIn(tallies) : tallies[shown satisfies TallyName];
}

const TONES: Readonly<Record<RecipientStatus, string>> = {
  finished: 'done',
  screened_out: 'idle',
  quota_full: 'idle',
  partial: 'run',
  session_expired: 'hold',
  started: 'run',
  complained: 'fail',
  bounced_hard: 'fail',
  bounced_soft: 'fail',
  opted_out: 'idle',
  opened: 'run',
  accepted: 'done',
  failed: 'fail',
  uncertain: 'unsure',
  resending: 'unsure',
  skipped: 'idle',
  cancelled: 'idle',
  sending: 'run',
  retrying: 'hold',
  queued: 'idle',
  planned: 'idle',
};

export interface RecipientModel {
  name: string;
  address?: string | undefined;
  pill: { tone: string; text: string };
  /** Why, or what comes next. */
  text?: string | undefined;
  /** The server's words, where they say more. */
  reply?: string | undefined;
  when?: Moment | undefined;
}

/** One recipient as rows and the page of the recipient begin. */
export function recipientModel(
  row: RecipientRow,
  linkType: LinkType,
  { actor, words }: { actor: Actor; words: DistributionWords },
): RecipientModel {
  const status = statusOf(row);
  const name = `${row.recipient.firstName ?? ''} ${row.recipient.lastName ?? ''}`.trim();
  const at = lastChange(row);
  return {
    name: name || row.address || words.say('recipients.unnamed'),
    address: name === '' ? undefined : row.address,
    pill: { tone: TONES[status], text: words.say(`recipient.${status}`) },
    text: joined(sentenceOf(row, status, actor, words), closedWords(row, linkType, { actor, words })),
    reply: ANSWERED.includes(status) ? replyWords({ code: row.lastCode, text: row.lastText }) || undefined : undefined,
    when: at === null ? undefined : whenOf(row, at, actor, words),
  };
}

/** Where a server's words are the news. */
const ANSWERED: readonly RecipientStatus[] = [
  'failed',
  'retrying',
  'accepted',
  'uncertain',
  'resending',
  'bounced_hard',
  'bounced_soft',
];

function joined(...sentences: (string | undefined)[]): string | undefined {
  return sentences.filter((sentence) => sentence !== undefined).join(' ') || undefined;
}

/** Of a mail that is out, and of whose link nothing good came. */
function closedWords(
  row: RecipientRow,
  linkType: LinkType,
  around: { actor: Actor; words: DistributionWords },
): string | undefined {
  const isOut = row.state !== 'skipped' && row.state !== 'cancelled';
  const state = linkStateOf(row, linkType, around.words.now());
  return isOut && state !== 'spent' && state !== 'closed' ? closedLinkWords(row, linkType, around) : undefined;
}

/** A reason in words, with the day since when it holds. */
export function reasonWords(
  { reason, reasonAt }: Pick<RecipientRow, 'reason' | 'reasonAt'>,
  actor: Actor,
  words: DistributionWords,
): string | undefined {
  if (reason === null) {
    return undefined;
  }
  const sentence = reasonSentence(reason, words);
  return reasonAt === null
    ? sentence
    : words.say('reasonSince', { reason: sentence, at: words.exact(actor, reasonAt) });
}

/** The words of a reason; what has none is told as it is kept. */
export function reasonSentence(reason: string, words: DistributionWords): string {
  const { key, values } = reasonKey(reason);
  return words.knows(`reason.${key}`) ? words.say(`reason.${key}`, values) : reason;
}

function sentenceOf(
  row: RecipientRow,
  status: RecipientStatus,
  actor: Actor,
  words: DistributionWords,
): string | undefined {
  const hasReason = ['failed', 'skipped', 'cancelled', 'uncertain'].includes(row.state);
  const sentences = [
    hasReason ? reasonWords(row, actor, words) : undefined,
    timeIsOverWords(row, status, words),
    nextWords(row, status, actor, words),
  ]
    .filter((sentence) => sentence !== undefined)
    .map(capital);
  return sentences.length === 0 ? undefined : `${sentences.join('. ')}.`;
}

/** What a session left whose time was over. */
function timeIsOverWords(row: RecipientRow, status: RecipientStatus, words: DistributionWords): string | undefined {
  if (status === 'partial' && row.sessionExpiredAt !== null) {
    return words.say('next.timeIsOver');
  }
  return status === 'session_expired' && row.linkState === 'open' ? words.say('next.beginsAnew') : undefined;
}

/** What will happen by itself, and when. */
function nextWords(
  { resendAt, runAt }: RecipientRow,
  status: RecipientStatus,
  actor: Actor,
  words: DistributionWords,
): string | undefined {
  if (status === 'resending' && resendAt !== null) {
    return words.say('next.resend', { when: words.when(actor, resendAt).text });
  }
  if (status === 'retrying' && runAt !== null) {
    return runAt <= words.now()
      ? words.say('next.retryNow')
      : words.say('next.retry', { when: words.when(actor, runAt).text });
  }
  if (status === 'queued') {
    return waitWords(runAt, actor, words);
  }
  return status === 'uncertain' ? words.say('next.noResend') : undefined;
}

/** Without a time it waits for its wave, or for its share of the weekly limit. */
function waitWords(runAt: Date | null, actor: Actor, words: DistributionWords): string | undefined {
  if (runAt === null) {
    return words.say('next.waits');
  }
  return runAt <= words.now() ? undefined : words.say('next.leaves', { when: words.exact(actor, runAt) });
}

export function capital(sentence: string): string {
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}

/** Dates of what the person did, which not everybody may read to the minute. */
export const OF_PERSON = [
  'openedAt',
  'startedAt',
  'partialAt',
  'finishedAt',
  'screenedOutAt',
  'quotaFullAt',
  'sessionExpiredAt',
] as const;

/** A time of the row, or its day where no more may be told. */
function whenOf(row: RecipientRow, at: Date, actor: Actor, words: DistributionWords): Moment {
  const isDay = row.exactness === 'day' && OF_PERSON.some((date) => row[date] === at);
  return isDay ? words.day(at) : words.when(actor, at);
}

function lastChange(row: RecipientRow): Date | null {
  const dates = [
    ...OF_PERSON.map((date) => row[date]),
    row.optedOutAt,
    row.complainedAt,
    row.bouncedAt,
    row.acceptedAt,
    row.wireAt,
    row.datedAt,
  ].filter((date): date is Date => date !== null);
  return dates.reduce<Date | null>((latest, date) => (latest === null || date > latest ? date : latest), null);
}

/** `50 of 1,204`, or how many are shown where nobody has counted. */
export function shownWords(seen: number, all: number | undefined, words: DistributionWords): string {
  return all === undefined
    ? words.say('recipients.shownSome', { n: figure(seen) })
    : words.say('recipients.shown', { n: figure(seen), all: figure(all) });
}
