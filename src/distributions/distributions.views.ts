import { addresses, asking } from '../platform/web/addresses.js';
import { readableHeading } from '../platform/web/html/mail_inserts.js';
import type { Actor } from '../platform/auth/actor.js';
import type { Moment } from '../platform/web/moments.js';
import { countersOf } from './counters.views.js';
import { isToMember } from '../ledger/composition.js';
import type { Distribution, DistributionStatus } from '../ledger/distribution.entity.js';
import { figure } from '../platform/figures.js';
import { type DistributionWords, titleOf } from '../ledger/distribution_words.js';
import { afterWords } from './follow_ups/following_words.js';
import { nobodyWords } from './follow_ups/nobody_words.js';
import { progressOf, waitsUntil } from './progress.views.js';
import type { Shown } from './shown_distribution.js';
import { audienceIn } from '../ledger/tallies.js';

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

/** The status in one word; of one on its way that nothing leaves of for a while, when it goes on. */
export function pillOf(shown: Shown): { tone: string; text: string; icon?: string } {
  const { distribution, actor, words } = shown;
  const { status } = distribution;
  const until = waitsUntil(shown);
  if (distribution.waitsForPeople) {
    return { tone: 'hold', icon: 'clock', text: words.say('status.waitsForPeople') };
  }
  const word = status === 'failed' && distribution.sentAt !== null ? 'stopped' : status;
  return until === undefined
    ? { tone: TONES[status], text: words.say(`status.${word}`) }
    : { tone: 'hold', icon: 'clock', text: words.say('status.waits', { when: words.when(actor, until).text }) };
}

/** One block of the list: `distributions/_distribution`. */
export function blockModel(shown: Shown): object {
  const { distribution, words, maySend } = shown;
  const isOpenDraft = distribution.isDraft && maySend;
  return {
    id: words.shown(distribution),
    title: titleOf(distribution, words.say),
    heading: distribution.name.trim() === '' ? undefined : readableHeading(distribution.heading, words.say),
    url: addresses.mails[isOpenDraft ? 'edit' : 'page'](...words.at(distribution)),
    kind: distribution.parentId === null ? undefined : words.say(`kind.${distribution.requestType}`),
    pill: pillOf(shown),
    figures: figuresModel(shown),
    poll: pollOf(shown),
    menu: menuModel(shown),
  };
}

/** The part that changes while it is sent: `distributions/_figures`. */
export function figuresModel(shown: Shown): object {
  const { distribution, tallies, words } = shown;
  const hasLedger = distribution.audienceSize !== null || audienceIn(tallies) > 0;
  return {
    id: words.shown(distribution),
    audience: audienceWords(shown),
    linkType: words.say(`linkType.${distribution.linkType}`),
    when: whenOf(shown),
    trouble: troubleOf(shown),
    progress: progressOf(shown),
    counters: hasLedger ? countersOf(shown) : [],
  };
}

function audienceWords(shown: Shown): string {
  const { distribution, tallies, words } = shown;
  const {
    audienceSize,
    audience: { listName, contactId },
  } = distribution;
  const size = audienceSize ?? audienceIn(tallies);
  if (distribution.parentId !== null) {
    const who = followedWords(shown);
    return size === 0 ? who : words.counted('audience.followed', size, { who });
  }
  if (listName === '') {
    return words.say('audience.none');
  }
  return contactId !== null || size === 0
    ? words.say('audience.named', { name: listName })
    : words.counted('audience.list', size, { name: listName });
}

/** Whom a reminder or a thank-you goes to. */
export function followedWords({
  distribution,
  family,
  words,
}: Pick<Shown, 'distribution' | 'family' | 'words'>): string {
  const {
    requestType,
    thanksTurnedAway,
    audience: { listName },
  } = distribution;
  const title = family?.invitation === undefined ? listName : titleOf(family.invitation, words.say);
  return words.say(`audience.${requestType}${thanksTurnedAway ? 'All' : ''}`, { title });
}

/** The time that counts in this status; one that is still to come is shown in blue, and exactly. */
function whenOf(shown: Shown): When {
  const { distribution, actor, words } = shown;
  const { status, heldFrom, modifiedAt } = distribution;
  const isWaiting = waitsUntil(shown) !== undefined;
  const key = status === 'held' && heldFrom === 'scheduled' ? 'heldScheduled' : isWaiting ? 'held' : status;
  const label = words.say(`when.${key}`);
  if (status === 'scheduled') {
    return futureOf(shown, label);
  }
  return { label, time: words.when(actor, status === 'draft' ? modifiedAt : pastOf(distribution)) };
}

function futureOf({ distribution, family, actor, words }: Shown, label: string): When {
  if (distribution.waitsForAnother) {
    return { label: afterWords(distribution, words, family?.expected), isFuture: true };
  }
  const at = distribution.sendAt ?? distribution.modifiedAt;
  return { label, time: { ...words.when(actor, at), text: words.exact(actor, at) }, isFuture: true };
}

function pastOf({ status, finishedAt, sentAt, sendAt, modifiedAt }: Distribution): Date {
  const isOver = status === 'cancelled' || status === 'failed';
  return (isOver ? finishedAt : sentAt) ?? sendAt ?? modifiedAt;
}

/** What is wrong, in words with the code, what will happen, and for whoever can mend it the way there. */
function troubleOf(shown: Shown): object | undefined {
  const { distribution, limitingDivision: divisionId, actor, words } = shown;
  const trouble = troubleIn(shown);
  const { errorCode, ownerId } = distribution;
  return trouble && { ...trouble, door: words.door(actor, errorCode, { ownerId, divisionId }) };
}

function troubleIn(shown: Shown): object | undefined {
  return nobodyWords(shown) ?? otherTrouble(shown);
}

function otherTrouble(shown: Shown): object | undefined {
  const { distribution, actor, words } = shown;
  const { status, errorCode: code, errorText: text } = distribution;
  if (status === 'held') {
    const next = distribution.isHeldForLateness ? words.say('trouble.late') : nextLook(distribution, actor, words);
    return { tone: 'warning', code, text, next };
  }
  if (status === 'failed' || (status === 'draft' && text !== null)) {
    return { tone: 'error', code, text, next: words.say(`trouble.${afterFailure(distribution)}`) };
  }
  if (canGoOnWithWaves(distribution)) {
    return stoppedWaves(shown);
  }
  return status === 'paused' ? whyPaused(text, words) : undefined;
}

/** Not in the mail: the brand, rights, an account or the survey has to change first. */
const ELSEWHERE = ['EQD01', 'EQD02', 'EQD06', 'EQD09', 'EQD10'];

/** What can be done after a failure, as a key of the words. */
function afterFailure({ status, errorCode, plannedAt, canReopen }: Distribution): string {
  if (status === 'failed' && !canReopen) {
    return plannedAt === null ? 'failedForGood' : 'failedOver';
  }
  return ELSEWHERE.includes(errorCode ?? '') ? 'failedElsewhere' : 'failedReopen';
}

/** @param text what it was paused by itself for; null where a person did */
function whyPaused(text: string | null, words: DistributionWords): object {
  return text === null
    ? { tone: 'warning', text: words.say('trouble.paused') }
    : { tone: 'error', text, next: words.say('trouble.byItself') };
}

/** Enough people have finished: how many got no mail for that, and that they still can. */
function stoppedWaves({ distribution, tallies, maySend, words }: Shown): object {
  const done = distribution.plan.waves?.untilFinished ?? tallies.finished;
  return {
    tone: 'success',
    text: words.counted('trouble.stopped', distribution.wavesUnsent, { done: figure(done) }),
    next: maySend ? words.say('trouble.stoppedNext') : undefined,
  };
}

function nextLook({ retryAt }: Distribution, actor: Actor, words: DistributionWords): string {
  return retryAt === null || retryAt <= words.now()
    ? words.say('trouble.heldNow')
    : words.say('trouble.held', { when: words.when(actor, retryAt).text });
}

const DAY_MS = 86_400_000;

/** What the parts around the figures depend on: a page that was drawn with another one is drawn anew. */
export function lookOf(shown: Shown): string {
  return waitsUntil(shown) === undefined ? shown.distribution.status : 'waiting';
}

/** What an open page asks for when it hears of a change; undefined when nothing will change by itself. */
export function pollOf(shown: Shown): { url: string } | undefined {
  const { distribution, words } = shown;
  const { status, finishedAt } = distribution;
  const url = asking(addresses.mails.now(...words.at(distribution)), { was: lookOf(shown) });
  const isFresh = finishedAt !== null && words.now().getTime() - finishedAt.getTime() < DAY_MS;
  const isOnItsWay = status === 'planning' || status === 'sending';
  return isOnItsWay || distribution.isOpen || (status === 'done' && isFresh) ? { url } : undefined;
}

/** Only people with links of their own can be reminded or thanked. */
function isFollowable({ distribution, tallies }: Shown): boolean {
  const { requestType, linkType, status, channel } = distribution;
  const mayReach = status !== 'cancelled' && status !== 'failed';
  const hasOwnLinks = requestType === 'Invite' && linkType === 'Individual' && channel === 'email';
  return hasOwnLinks && (mayReach || tallies.accepted + tallies.uncertain > 0);
}

/** A follow-up that waits for its time; who is thanked at once has no such time. */
function canHasten({ parentId, atOnce, status, plannedAt }: Distribution): boolean {
  return parentId !== null && !atOnce && status === 'scheduled' && plannedAt === null;
}

/** Waves that were kept back can go while somebody may still answer. */
export function canGoOnWithWaves({ hasEndedWaves, wavesUnsent, status }: Distribution): boolean {
  return hasEndedWaves && wavesUnsent > 0 && (status === 'sending' || status === 'done');
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
  const { status } = distribution;
  const isOfProgram = isToMember(distribution);
  const title = titleOf(distribution, words.say);
  const isWritten = status === 'draft' || (status === 'scheduled' && distribution.plannedAt === null);
  const acts = {
    edit: isWritten && !isOfProgram,
    pause: distribution.canPause,
    resume: status === 'paused',
    ...againActs(shown, title),
    reopen: distribution.canReopen,
    late: distribution.isHeldForLateness,
    copy: !isOfProgram,
    copyFamily: !isOfProgram && (shown.family?.followUps ?? 0) > 0,
    follow: isFollowable(shown),
    plus: words.say('act.plus', { title }),
    hasten: canHasten(distribution),
    waves: canGoOnWithWaves(distribution),
    cancel: distribution.canCancel
      ? { title, numbers: cancelNumbers(shown), followUps: followUpsAsked(shown) }
      : undefined,
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
    survey: words.shownSurvey(distribution.surveyId),
    hasHistory: audienceIn(tallies) > 0,
    ...(maySend ? { acts } : {}),
  };
}

/** What becomes of those that follow it: asked where people have it already, whom they can still go to. */
function followUpsAsked({ distribution, family, tallies, words }: Shown): object | undefined {
  const open = family?.open ?? 0;
  const isReached = tallies.accepted + tallies.uncertain + tallies.wire > 0;
  return distribution.parentId !== null || open === 0
    ? undefined
    : {
        legend: words.counted('cancelDialog.followUps', open),
        isAsked: isReached,
        options: ['cancel', 'keep'].map((value) => ({
          value,
          label: words.say(`cancelDialog.followUps_.${value}`),
          isFirst: value === 'cancel',
        })),
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
