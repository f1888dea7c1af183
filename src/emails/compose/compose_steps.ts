import { readableHeading } from '../../platform/web/html/mail_inserts.js';
import type { Actor } from '../../platform/auth/actor.js';
import { exactTime } from '../../platform/web/moments.js';
import type { DistributionWords } from '../../ledger/distribution_words.js';
import { afterWords } from '../../distributions/follow_ups/following_words.js';
import { followingTime } from '../../distributions/follow_ups/written_following.js';
import type { Finding } from '../../planning/finding.js';
import { instantOf, type Written } from './compositions.forms.js';

const STEPS = ['to', 'message', 'when', 'check', 'send'] as const;
type Step = (typeof STEPS)[number];
type StepState = 'done' | 'missing' | 'error' | 'ahead';

/** What the page with the check needs to know of it; the rest is its parts' own. */
export interface ReviewModel {
  lines: object[];
  actions: {
    id: string;
    editUrl: string;
    sendUrl?: string;
    reviewed?: string;
    canSend?: boolean;
    isBlocked?: boolean;
    scheduled?: string | undefined;
    confirm?: object | undefined;
  };
}

/** Findings that no change of the words mends: about the brand, the person, the survey, the invitation. */
const NOT_THE_MAIL = /^(EQD(0[1-4]|06|09|1[0124-6])|CVS0[4-6])$/;
const WHEN_FIELDS = /^(when|sendOn|follow\w+|hours\w+|holidays|pace\w*|wave\w+|late\w+|duplicates|sendZone)$/;
const TO_FIELDS = /^(list|sample\w+|skipFinished)$/;

interface Looked {
  written: Written;
  findings: readonly Finding[];
  faults: Record<string, string>;
  review: ReviewModel | undefined;
  /** What the menu calls the audience. */
  audience: string;
}

/** The five steps with how far each is: model of `distributions/_steps`. */
export function composeSteps(looked: Looked, { words, actor }: { words: DistributionWords; actor: Actor }): object {
  const { say } = words;
  const { following } = looked.written;
  const states = statesOf(looked);
  const at = currentStep(looked, states);
  return {
    at,
    items: STEPS.map((step) => ({
      step,
      label: say(`steps.${step}`),
      state: states[step],
      word: say(`steps.state.${states[step]}`),
      isCurrent: step === at,
      // They are about what is kept: looking at them keeps the draft first.
      submits: looked.review === undefined && (step === 'check' || step === 'send'),
    })),
    facts: {
      to:
        following === undefined
          ? looked.audience
          : say(`steps.to_${following.kind}${following.thanksTurnedAway ? 'All' : ''}`),
      message: readableHeading(looked.written.subject, say),
      when: whenWords(looked.written, words, actor),
    },
  };
}

function statesOf({ written, findings, faults, review }: Looked): Record<Step, StepState> {
  const errors = findings.filter(({ level }) => level === 'error').map(({ code }) => code);
  const wrong = Object.keys(faults);
  const [toFaults, whenFaults] = [TO_FIELDS, WHEN_FIELDS].map((fields) => wrong.filter((name) => fields.test(name)));
  const mailFaults = wrong.filter((name) => !TO_FIELDS.test(name) && !WHEN_FIELDS.test(name));
  const isMailWrong = mailFaults.length > 0 || errors.some((code) => !NOT_THE_MAIL.test(code));
  const isBare = written.subject === '' || written.body === '';
  return {
    to: toState(written, toFaults!.length > 0 || errors.includes('EQD11')),
    message: isBare ? 'missing' : isMailWrong ? 'error' : 'done',
    when: whenFaults!.length > 0 ? 'error' : 'done',
    check: checkState(review),
    send: review?.actions.scheduled === undefined ? 'ahead' : 'done',
  };
}

function toState({ list, following }: Written, isWrong: boolean): StepState {
  if (following !== undefined) {
    return 'done';
  }
  return list === '' ? 'missing' : isWrong ? 'error' : 'done';
}

function checkState(review: ReviewModel | undefined): StepState {
  if (review?.actions.isBlocked === true) {
    return 'error';
  }
  return review?.actions.canSend === true || review?.actions.scheduled !== undefined ? 'done' : 'ahead';
}

/** Where the author goes on: at what is wrong, else at the words once it is known whom they are for. */
function currentStep({ review, written, faults }: Looked, states: Record<Step, StepState>): Step {
  if (review !== undefined) {
    return states.check === 'done' ? 'send' : 'check';
  }
  const wasRefused = Object.keys(faults).length > 0;
  const wrong = STEPS.find((step) => states[step] === 'error' || (wasRefused && states[step] === 'missing'));
  return wrong ?? (written.list === '' && written.following === undefined ? 'to' : 'message');
}

function whenWords({ when, sendOn, following }: Written, words: DistributionWords, { timeZone }: Actor): string {
  if (following?.when === 'after') {
    return afterWords({ ...followingTime(following), timeZone, plan: { window: null } }, words);
  }
  if (following !== undefined && following.when !== 'later') {
    return words.say(`follow.when.${following.when}`);
  }
  const at = instantOf(sendOn, timeZone);
  return when === 'later' || following !== undefined
    ? at === undefined
      ? ''
      : exactTime(at, timeZone)
    : words.say(`steps.at.${when}`);
}
