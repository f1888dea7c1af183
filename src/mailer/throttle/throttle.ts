import { classify, type Verdict } from '../answers/classify.js';
import type { MailOutcome } from '../mail_outcome.js';
import { Evidence } from './evidence.js';
import { type Limit, Pace, type PaceLimits } from './pace.js';
import { type PauseListener, Pauses, type Place } from './pauses.js';
import { providerOfDomain } from './providers.js';

const MINUTE = 60_000;
/** "Too fast" so often without a mail taken in between: then it is left alone for a while. */
const STRIKES = 5;
const FIRST_PAUSE = 5 * MINUTE;
const LONGEST_PAUSE = 120 * MINUTE;
/** Words about our name instead of our pace: so many times the first pause. */
const REPUTATION = 6;
/** Whoever was refused is asked so long after the pause: by then others of the same provider have been tried. */
const LAST_MS = 4 * MINUTE;
/** Limits that nobody uses are forgotten above so many. */
const KEPT = 20_000;

/** Words that say how long a provider wants to be left alone. */
const DEMANDS: readonly (readonly [RegExp, number])[] = [
  [/\[TSS?0\d\]/, 120 * MINUTE],
  [/ip reputation|rate limited due to/i, 90 * MINUTE],
];
const GREYLISTED = /gr[ae]y ?-?list/i;

/** What one mail is limited by. */
export interface Lane extends Place {
  recipient: string;
  limits: readonly Limit[];
}

/** May one mail go? Taken before it starts, given back with its outcome. */
export interface Pass {
  /** 0: now; Infinity: when another one ends; else so long, because of a gap or a pause. */
  waitMs(): number;
  /** How far apart mails are kept. */
  gapMs(): number;
  start(): void;
  /** @returns the outcome with what follows from it for the whole provider */
  end(outcome: MailOutcome): MailOutcome;
}

/** For how long the other side wants to be left alone; `doubles` where that is our guess. */
interface Demand {
  ms: number;
  doubles: boolean;
  /** Said in words; else concluded from answers that came too often. */
  isSaid: boolean;
}

/** How fast mails go to each provider on each way. What the limits learn stays in this process; pauses are shared. */
export class Throttle {
  readonly pauses: Pauses;
  private readonly paces = new Map<string, Pace>();
  private readonly evidence = new Map<string, Evidence>();
  private readonly listeners = new Set<() => void>();

  constructor(
    private readonly now: () => number,
    listener: PauseListener = { begun: () => undefined, lifted: () => undefined },
  ) {
    this.pauses = new Pauses(now, listener);
  }

  passFor(lane: Lane): Pass {
    const paces = lane.limits.map(({ key, limits }) => this.pace(key, limits));
    return {
      waitMs: () => Math.max(this.pauses.waitMs(lane), ...paces.map((pace) => pace.waitMs(performance.now()))),
      gapMs: () => Math.max(0, ...paces.map((pace) => pace.gap)),
      start: () => paces.forEach((pace) => pace.start(performance.now())),
      end: (outcome) => {
        paces.forEach((pace) => pace.end());
        const judged = this.judged(lane, outcome);
        [...this.listeners].forEach((listener) => listener());
        return judged;
      },
    };
  }

  /** Resolves when something under way ended, or after `ms`. */
  change(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.listeners.delete(done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      this.listeners.add(done);
    });
  }

  private judged(lane: Lane, outcome: MailOutcome): MailOutcome {
    if (outcome.status === 'accepted') {
      lane.limits.forEach(({ key, limits }) => this.pace(key, limits).well());
      this.taken(lane);
      return outcome;
    }
    if (!isAnswer(outcome)) return outcome;
    if (isRelays(lane, outcome)) {
      this.slowed(lane, outcome, 'sender');
      return { ...outcome, detail: { ...outcome.detail, isOfRelay: true } };
    }
    const demand = this.demanded(lane, outcome);
    return demand === undefined ? outcome : this.weighed(lane, outcome, demand);
  }

  /** How long the other side wants, or has, to be left alone after this answer. */
  private demanded(lane: Lane, outcome: MailOutcome): Demand | undefined {
    const asked = DEMANDS.find(([words]) => words.test(outcome.text))?.[1];
    if (asked !== undefined) return { ms: asked, doubles: false, isSaid: true };
    if (verdictOn(outcome).pausesProvider) return { ms: FIRST_PAUSE * REPUTATION, doubles: true, isSaid: true };
    const isEnough = this.slowed(lane, outcome, 'recipient');
    return isEnough ? { ms: FIRST_PAUSE, doubles: true, isSaid: false } : undefined;
  }

  /** @returns whether that happened too often */
  private slowed(lane: Lane, outcome: MailOutcome, side: 'sender' | 'recipient'): boolean {
    if (!isTooFast(outcome)) return false;
    if (side === 'recipient') this.note(lane);
    const paces = lane.limits
      .filter(({ hears }) => hears === side || hears === 'both')
      .map(({ key, limits }) => this.pace(key, limits));
    paces.forEach((pace) => pace.slow(performance.now()));
    return side === 'recipient' && paces.some(({ strikes }) => strikes >= STRIKES);
  }

  /**
   * One mailbox's refusal holds nobody up but itself: it may be its owner's doing. A judge is left alone by the brand
   * whose sender was refused, or several of whose recipients were.
   */
  private weighed(lane: Lane, outcome: MailOutcome, { ms, doubles, isSaid }: Demand): MailOutcome {
    this.note(lane);
    const judge = this.judgeOf(lane, outcome);
    if (judge === undefined) {
      if (!isSaid) return outcome;
      return { ...outcome, detail: { ...outcome.detail, isAboutUs: true }, retryAfterMs: ms + LAST_MS };
    }
    const { way, brandId } = lane;
    const evidence = this.evidenceOf(lane, judge);
    // Answers of one moment are one round: they lengthen no pause that has begun.
    const round = this.pauses.isOn(way, judge, brandId) ? evidence.round - 1 : evidence.round++;
    const pauseMs = doubles ? Math.min(LONGEST_PAUSE, ms * 2 ** Math.max(0, round)) : ms;
    const domains = judge === lane.domain ? [judge] : [...new Set([lane.domain, ...evidence.domains])];
    const until = this.now() + pauseMs;
    this.pauses.begin({ way, brandId, provider: judge, until, why: outcome.text, domains });
    return { ...outcome, detail: { ...outcome.detail, pausesProvider: judge }, retryAfterMs: pauseMs + LAST_MS };
  }

  /**
   * Who has judged us: the provider where the domain is its own, or where several organizations that it serves refuse;
   * else the domain alone, whose owner may let its server say anything. Undefined while it is one mailbox's word.
   */
  private judgeOf(lane: Lane, { detail: { phase } }: MailOutcome): string | undefined {
    const { provider, domain } = lane;
    const isOfSender = phase === 'connect' || phase === 'sender';
    if (isForeign(lane) && this.evidenceOf(lane, provider).isOfSeveralOrganizations) return provider;
    const judge = isForeign(lane) ? domain : provider;
    return isOfSender || this.evidenceOf(lane, judge).isSeveral ? judge : undefined;
  }

  private note(lane: Lane): void {
    const { provider, domain, recipient } = lane;
    for (const judge of new Set([provider, domain])) this.evidenceOf(lane, judge).add(recipient, domain, this.now());
  }

  private taken(lane: Lane): void {
    this.pauses.taken(lane);
    if (this.evidence.size === 0) return;
    for (const judge of new Set([lane.provider, lane.domain])) {
      const key = evidenceKey(lane, judge);
      if (this.evidence.get(key)?.taken() === true) this.evidence.delete(key);
    }
  }

  private evidenceOf(lane: Lane, judge: string): Evidence {
    const key = evidenceKey(lane, judge);
    const known = this.evidence.get(key);
    if (known !== undefined) return known;
    const [oldest] = this.evidence.keys();
    if (this.evidence.size >= KEPT && oldest !== undefined) this.evidence.delete(oldest);
    const evidence = new Evidence();
    this.evidence.set(key, evidence);
    return evidence;
  }

  private pace(key: string, limits: PaceLimits): Pace {
    const known = this.paces.get(key);
    if (known !== undefined) return known;
    if (this.paces.size >= KEPT) {
      for (const [other, pace] of this.paces) if (pace.isIdle) this.paces.delete(other);
    }
    const pace = new Pace(limits);
    this.paces.set(key, pace);
    return pace;
  }
}

function evidenceKey({ way, brandId }: Lane, judge: string): string {
  return `${way}\n${brandId}\n${judge}`;
}

/** A customer's domain on the servers of a provider. */
function isForeign({ provider, domain }: Lane): boolean {
  return provider !== domain && providerOfDomain(domain).name !== provider;
}

/**
 * Somebody at the other side said or showed something; our own refusals and the gate's judge nobody. Nor does a host that
 * was not found: whoever owns the domain wrote its name, perhaps that of somebody else's.
 */
function isAnswer({ status, host, detail: { phase, isRelayDown } }: MailOutcome): boolean {
  const wasReached = phase !== 'connect' || host !== undefined;
  return isRelayDown !== true && status !== 'skipped' && status !== 'uncertain' && phase !== 'compose' && wasReached;
}

/** A server that can't be reached counts, too; greylisting is a rule for every first try and not about our pace. */
function isTooFast(outcome: MailOutcome): boolean {
  const { status, text, detail } = outcome;
  const isClosed = detail.phase === 'connect' && status === 'deferred';
  return (isClosed || detail.code === 421 || verdictOn(outcome).class === 'throttled') && !GREYLISTED.test(text);
}

/** On the way over a relay an answer to our sender is the relay's own and says nothing of the recipient's provider. */
function isRelays({ limits }: Lane, { detail: { phase } }: MailOutcome): boolean {
  return phase === 'sender' && limits.some(({ hears }) => hears === 'sender');
}

function verdictOn({ text, detail }: MailOutcome): Verdict {
  return classify({ ...detail, text });
}
