import type { Actor } from '../platform/auth/actor.js';
import type { Moment } from '../platform/web/moments.js';
import type { Distribution, DistributionStatus } from './distribution.entity.js';
import { type DistributionWords, figure, titleOf } from './distribution_words.js';
import { afterWords } from './follow_ups/following_words.js';
import { paceOf } from './sending/sending_pace.js';
import { audienceIn, type Tallies, type TallyName, waitingIn } from './tallies.js';

/** A distribution with what is known of it, and who looks at it. */
export interface Shown {
  distribution: Distribution;
  tallies: Tallies;
  /** When the next message is due, where nothing is due now. */
  nextTryAt?: Date | undefined;
  /** When the sending hours begin again, where they are over for now. */
  opensAt?: Date | undefined;
  /** How many more mails the weekly limits have room for, where some can be queued once more. */
  room?: number | undefined;
  actor: Actor;
  /** Whether this person may send for the survey. */
  maySend: boolean;
  words: DistributionWords;
}

interface When {
  label: string;
  time?: Moment;
  isFuture?: boolean;
}

const TONES: Readonly<Record<DistributionStatus, string>> = {
  draft: 'idle',
  scheduled: 'run',
  planning: 'run',
  sending: 'run',
  done: 'done',
  held: 'hold',
  paused: 'hold',
  cancelled: 'idle',
  failed: 'fail',
  generated: 'done',
};

const ALWAYS: readonly TallyName[] = [
  'accepted',
  'failed',
  'bounced',
  'skipped',
  'opened',
  'started',
  'finished',
  'opted_out',
  'complained',
  'uncertain',
  'duplicates',
];
const WHEN_THERE: readonly TallyName[] = ['cancelled'];
const OF_OWN_LINKS: readonly TallyName[] = ['opened', 'started', 'finished'];
const COUNTER_TONES: Partial<Record<TallyName, string>> = {
  failed: 'fail',
  bounced: 'fail',
  complained: 'fail',
  uncertain: 'unsure',
};

export function pillOf({ status }: Distribution, words: DistributionWords): { tone: string; text: string } {
  return { tone: TONES[status], text: words.say(`status.${status}`) };
}

/** One block of the list: `distributions/_distribution`. */
export function blockModel(shown: Shown): object {
  const { distribution, words, maySend } = shown;
  const isOpenDraft = distribution.isDraft && maySend;
  return {
    id: words.shown(distribution),
    title: titleOf(distribution, words.say),
    subject: distribution.name.trim() === '' ? undefined : distribution.subject,
    url: words.path(distribution, isOpenDraft ? '/edit' : ''),
    kind: distribution.parentId === null ? undefined : words.say(`kind.${distribution.requestType}`),
    pill: pillOf(distribution, words),
    figures: figuresModel(shown),
    poll: pollOf(shown),
    menu: menuModel(shown),
  };
}

/** The part that changes while it is sent: `distributions/_figures`. */
export function figuresModel(shown: Shown): object {
  const { distribution, tallies, words, actor } = shown;
  const hasLedger = distribution.audienceSize !== null || audienceIn(tallies) > 0;
  return {
    id: words.shown(distribution),
    audience: audienceWords(shown),
    linkType: words.say(`linkType.${distribution.linkType}`),
    when: whenOf(distribution, actor, words),
    trouble: troubleOf(shown),
    progress: progressOf(shown),
    counters: hasLedger ? countersOf(shown) : [],
  };
}

function audienceWords({ distribution, tallies, words }: Shown): string {
  const { listName, audienceSize, contactId } = distribution;
  const size = audienceSize ?? audienceIn(tallies);
  if (listName === '') {
    return words.say('audience.none');
  }
  return contactId !== null || size === 0
    ? words.say('audience.named', { name: listName })
    : words.counted('audience.list', size, { name: listName });
}

/** The time that counts in this status; one that is still to come is shown in blue, and exactly. */
function whenOf(distribution: Distribution, actor: Actor, words: DistributionWords): When {
  const { status, heldFrom, modifiedAt } = distribution;
  const key = status === 'held' && heldFrom === 'scheduled' ? 'heldScheduled' : status;
  const label = words.say(`when.${key}`);
  if (status === 'scheduled') {
    return futureOf(distribution, label, actor, words);
  }
  return { label, time: words.when(actor, status === 'draft' ? modifiedAt : pastOf(distribution)) };
}

function futureOf(distribution: Distribution, label: string, actor: Actor, words: DistributionWords): When {
  if (distribution.waitsForAnother) {
    return { label: afterWords(distribution, words), isFuture: true };
  }
  const at = distribution.sendAt ?? distribution.modifiedAt;
  return { label, time: { ...words.when(actor, at), text: words.exact(actor, at) }, isFuture: true };
}

function pastOf({ status, finishedAt, sentAt, sendAt, modifiedAt }: Distribution): Date {
  const isOver = status === 'cancelled' || status === 'failed';
  return (isOver ? finishedAt : sentAt) ?? sendAt ?? modifiedAt;
}

/** What is wrong, in words with the code, and what will happen. */
function troubleOf({ distribution, actor, words }: Shown): object | undefined {
  const { status, errorCode: code, errorText: text, canReopen } = distribution;
  if (status === 'held') {
    const next = distribution.isHeldForLateness ? words.say('trouble.late') : nextLook(distribution, actor, words);
    return { tone: 'warning', code, text, next };
  }
  if (status === 'failed' || (status === 'draft' && text !== null)) {
    const isMendable = status === 'draft' || canReopen;
    return { tone: 'error', code, text, next: words.say(isMendable ? 'trouble.failedReopen' : 'trouble.failedOver') };
  }
  const byItself = { tone: 'error', text, next: words.say('trouble.byItself') };
  const byHand = { tone: 'warning', text: words.say('trouble.paused') };
  return status === 'paused' ? (text === null ? byHand : byItself) : undefined;
}

function nextLook({ retryAt }: Distribution, actor: Actor, words: DistributionWords): string {
  return retryAt === null || retryAt <= words.now()
    ? words.say('trouble.heldNow')
    : words.say('trouble.held', { when: words.when(actor, retryAt).text });
}

function progressOf(shown: Shown): object | undefined {
  const { distribution, tallies, words } = shown;
  const { status, audienceSize } = distribution;
  const all = audienceSize ?? audienceIn(tallies);
  const label = words.say(`progress.${status}`);
  if (status === 'planning') {
    return { label, count: words.say('progress.planned', { done: figure(all) }), value: 0, max: 1, unknown: true };
  }
  const mails = all - tallies.skipped;
  if (!['sending', 'held', 'paused'].includes(status) || mails <= 0) {
    return undefined;
  }
  const done = mails - waitingIn(tallies);
  const numbers = { done: figure(done), all: figure(mails) };
  return {
    label,
    count: words.say('progress.count', numbers),
    value: done,
    max: mails,
    tone: status === 'sending' ? undefined : 'hold',
    note: paceWords(shown),
    news: words.say('progress.news', numbers),
  };
}

function paceWords(shown: Shown): string | undefined {
  const { distribution, tallies, words } = shown;
  const waits = tallies.leased + tallies.wire === 0 ? waitWords(shown) : undefined;
  if (waits !== undefined) {
    return waits;
  }
  const { perMinute, leftMs } = paceOf(distribution, tallies, words.now());
  if (perMinute === undefined || leftMs === undefined) {
    return undefined;
  }
  const left = words.say('progress.left', { left: spanWords(leftMs, words) });
  return `${words.say('progress.rate', { rate: figure(perMinute) })} · ${left}`;
}

/** What it waits for at the moment: its hours, its pace, its next wave, or a server that asked for patience. */
function waitWords({ distribution, opensAt, nextTryAt, actor, words }: Shown): string | undefined {
  const { nextWaveAt, isTimed } = distribution;
  const [key, at] =
    opensAt !== undefined
      ? ['when_.goesOn', opensAt]
      : nextTryAt !== undefined
        ? [isTimed ? 'when_.next' : 'progress.retry', nextTryAt]
        : ['when_.nextWave', nextWaveAt];
  return distribution.status !== 'sending' || at === null
    ? undefined
    : words.say(key, { when: words.exact(actor, at) });
}

/** "less than a minute", "12 minutes", "3 hours". */
export function spanWords(ms: number, words: DistributionWords): string {
  const minutes = Math.round(ms / 60_000);
  if (minutes < 1) {
    return words.say('progress.seconds');
  }
  const hours = Math.round(minutes / 60);
  return minutes < 90
    ? words.say('progress.minutes', { count: minutes, n: minutes })
    : words.say('progress.hours', { count: hours, n: figure(hours) });
}

function countersOf({ distribution, tallies, words }: Shown): object[] {
  const hasOwnLinks = distribution.linkType !== 'Anonymous';
  return [...ALWAYS, ...WHEN_THERE.filter((name) => tallies[name] > 0)]
    .filter((name) => hasOwnLinks || !OF_OWN_LINKS.includes(name))
    .map((name) => ({
      name,
      label: words.say(`counter.${name}`),
      help: words.say(`counterHelp.${name}`),
      value: figure(tallies[name]),
      href: tallies[name] > 0 ? `${words.path(distribution)}?show=${linked(name)}#recipients` : undefined,
      isQuiet: tallies[name] === 0 && QUIET.includes(name),
      tone: tallies[name] > 0 ? COUNTER_TONES[name] : undefined,
    }));
}

/** Nothing that is nothing stands in the compact view. */
const QUIET: readonly TallyName[] = [
  'failed',
  'bounced',
  'skipped',
  'opted_out',
  'complained',
  'uncertain',
  'duplicates',
];

/** Duplicates are found among the skipped. */
function linked(name: TallyName): TallyName {
  return name === 'duplicates' ? 'skipped' : name;
}

const FAST = '2s';
const SLOW = '15s';
const DAY_MS = 86_400_000;

/** How often an open page asks again; undefined when nothing will change by itself. */
export function pollOf({ distribution, words }: Pick<Shown, 'distribution' | 'words'>): object | undefined {
  const { status, finishedAt } = distribution;
  const url = words.path(distribution, `/now?was=${status}`);
  if (status === 'planning' || status === 'sending') {
    return { url, every: FAST };
  }
  const isFresh = finishedAt !== null && words.now().getTime() - finishedAt.getTime() < DAY_MS;
  return distribution.isOpen || (status === 'done' && isFresh) ? { url, every: SLOW } : undefined;
}

/** Only people with links of their own can be reminded or thanked. */
function isFollowable({ requestType, linkType, status }: Distribution): boolean {
  return requestType === 'Invite' && linkType === 'Individual' && status !== 'cancelled' && status !== 'failed';
}

/** A follow-up that waits for its time; who is thanked at once has no such time. */
function canHasten({ parentId, atOnce, status }: Distribution): boolean {
  return parentId !== null && !atOnce && status === 'scheduled';
}

/** Queueing once more what failed, or what nobody knows of: how many they are, and what the limits have room for. */
function againActs({ distribution, tallies, room, words }: Shown, title: string): object {
  const again = (dialog: string, count: number): object | undefined =>
    distribution.canRetryFailed && count > 0
      ? { title, text: words.counted(`${dialog}.text`, count), room: words.counted('retryDialog.room', room ?? 0) }
      : undefined;
  return { retry: again('retryDialog', tallies.failed), resend: again('resendDialog', tallies.undecided) };
}

/** The menu of a block: what this person can do to it now. */
export function menuModel(shown: Shown): object {
  const { distribution, tallies, maySend, words } = shown;
  const { status, contactId } = distribution;
  const title = titleOf(distribution, words.say);
  const isWritten = status === 'draft' || status === 'scheduled';
  const acts = {
    edit: isWritten && contactId === null,
    pause: distribution.canPause,
    resume: status === 'paused',
    ...againActs(shown, title),
    reopen: distribution.canReopen,
    late: distribution.isHeldForLateness,
    copy: contactId === null && distribution.parentId === null,
    follow: isFollowable(distribution),
    hasten: canHasten(distribution),
    cancel: distribution.canCancel ? { title, numbers: cancelNumbers(shown) } : undefined,
    remove: {
      title,
      isOpen: distribution.isOpen,
      isInvitation: distribution.parentId === null,
      numbers: goneWords(shown),
    },
  };
  return {
    label: words.say('act.menu', { title }),
    id: words.shown(distribution),
    url: words.path(distribution),
    hasHistory: audienceIn(tallies) > 0,
    ...(maySend ? { acts } : {}),
  };
}

/** What a deletion does to people, in numbers; nothing while nothing was planned. */
function goneWords({ tallies, words }: Shown): string[] {
  const gone = tallies.accepted + tallies.uncertain + tallies.wire;
  const stopped = tallies.planned + tallies.queued + tallies.leased;
  return [
    ...(gone === 0 ? [] : [words.counted('cancelDialog.gone', gone)]),
    ...(stopped === 0 ? [] : [words.counted('cancelDialog.stopped', stopped)]),
  ];
}

/** How many have it and how many will get nothing: kept up to date while the dialog is open. */
export function cancelNumbers({
  distribution,
  tallies,
  words,
}: Pick<Shown, 'distribution' | 'tallies' | 'words'>): object {
  const gone = tallies.accepted + tallies.uncertain + tallies.wire;
  const stopped = tallies.planned + tallies.queued + tallies.leased;
  return {
    id: words.shown(distribution),
    lines:
      gone + stopped === 0
        ? [words.say('cancelDialog.all')]
        : [words.counted('cancelDialog.gone', gone), words.counted('cancelDialog.stopped', stopped)],
  };
}
