import { figure } from '../platform/figures.js';
import { type DistributionWords } from '../ledger/distribution_words.js';
import { paceOf } from '../sending/sending_pace.js';
import type { Shown } from './shown_distribution.js';
import { audienceIn, waitingIn } from '../ledger/tallies.js';

/** A wait below this is the breath between two mails, and no news. */
const SHORT_WAIT_MS = 60_000;

/** What nothing leaves for, and until when. */
interface Wait {
  for: 'hours' | 'plan' | 'servers' | 'wave' | 'people';
  at: Date;
}

/** What a distribution on its way waits for at the moment: its hours, its pace, its next wave, or a server that asked for patience. */
function waitOf({ distribution, tallies, opensAt, nextTryAt }: Shown): Wait | undefined {
  if (distribution.status !== 'sending' || tallies.leased + tallies.wire > 0) {
    return undefined;
  }
  if (opensAt !== undefined) {
    return { for: 'hours', at: opensAt };
  }
  if (nextTryAt !== undefined) {
    return { for: distribution.plan.isTimed ? 'plan' : 'servers', at: nextTryAt };
  }
  if (distribution.waitsForPeople) {
    return { for: 'people', at: distribution.nextRoundAt! };
  }
  return distribution.nextWaveAt === null ? undefined : { for: 'wave', at: distribution.nextWaveAt };
}

/** When it goes on, where nothing leaves for longer than a moment although it is on its way. */
export function waitsUntil(shown: Shown): Date | undefined {
  const at = waitOf(shown)?.at;
  return at !== undefined && at.getTime() - shown.words.now().getTime() > SHORT_WAIT_MS ? at : undefined;
}

const WAIT_WORDS: Readonly<Record<Wait['for'], string>> = {
  hours: 'when_.goesOn',
  plan: 'when_.next',
  servers: 'progress.retry',
  wave: 'when_.nextWave',
  people: 'when_.goesOn',
};

/** The bar, its count and its pace; nothing where nothing is on its way. */
export function progressOf(shown: Shown): object | undefined {
  const { distribution, tallies, words } = shown;
  const { status, audienceSize } = distribution;
  const all = audienceSize ?? audienceIn(tallies);
  if (status === 'planning') {
    const count = words.say('progress.planned', { done: figure(all) });
    return { label: words.say('progress.planning'), count, value: 0, max: 1, unknown: true };
  }
  const mails = all - tallies.skipped;
  if (!['sending', 'held', 'paused'].includes(status) || mails <= 0) {
    return undefined;
  }
  const isWaiting = waitsUntil(shown) !== undefined;
  const done = mails - waitingIn(tallies);
  const numbers = { done: figure(done), all: figure(mails) };
  return {
    label: words.say(isWaiting ? 'progress.held' : `progress.${status}`),
    count: words.say('progress.count', numbers),
    value: done,
    max: mails,
    tone: status === 'sending' && !isWaiting ? undefined : 'hold',
    note: noteOf(shown),
    news: words.say('progress.news', numbers),
  };
}

function noteOf(shown: Shown): string | undefined {
  const { distribution, tallies, actor, words } = shown;
  const wait = waitOf(shown);
  if (wait !== undefined) {
    const when = words.say(WAIT_WORDS[wait.for], { when: words.exact(actor, wait.at) });
    return [when, ...waveWords(shown)].join(' · ');
  }
  const { perMinute, leftMs } = paceOf(distribution, tallies, words.now());
  if (perMinute === undefined || leftMs === undefined) {
    return undefined;
  }
  const left = words.say('progress.left', { left: spanWords(leftMs, words) });
  return `${words.say('progress.rate', { rate: figure(perMinute) })} · ${left}`;
}

/** Which wave it is at, and how many of the people that are wanted have finished. */
function waveWords({ distribution, tallies, words }: Shown): string[] {
  const {
    wavesReleased,
    plan: { waves },
  } = distribution;
  if (waves === null) {
    return [];
  }
  const wave = words.say('when_.wave', { n: figure(wavesReleased), all: figure(waves.portions) });
  const { untilFinished } = waves;
  return untilFinished === null
    ? [wave]
    : [wave, words.say('when_.finishedOf', { n: figure(tallies.finished), all: figure(untilFinished) })];
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
