import type { Outcome } from '../../platform/channel.js';
import { classify } from '../inbound/classify.js';
import { type Limit, Pace, type PaceLimits } from './pace.js';

const MINUTE = 60_000;
/** "Too fast" so often without a mail taken in between: then it is left alone for a while. */
const STRIKES = 5;
const FIRST_PAUSE = 5 * MINUTE;
const LONGEST_PAUSE = 120 * MINUTE;
/** Limits that nobody uses are forgotten above so many. */
const KEPT = 20_000;

/** Words that say how long a provider wants to be left alone. */
const DEMANDS: readonly (readonly [RegExp, number])[] = [
  [/\[TSS?0\d\]/, 120 * MINUTE],
  [/ip reputation|rate limited due to/i, 90 * MINUTE],
];
const GREYLISTED = /gr[ae]y ?-?list/i;

/** A provider that is left alone on one way: nothing goes to it until then. */
export interface Pause {
  /** The way whose mails it judged. */
  way: string;
  provider: string;
  until: number;
  why: string;
  /** Recipient domains that are known to be its own. */
  domains: string[];
}

/** What one mail is limited by. */
export interface Lane {
  way: string;
  provider: string;
  domain: string;
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
  end(outcome: Outcome): Outcome;
}

/** How fast mails go to each provider on each way. What the limits learn stays in this process; pauses are shared. */
export class Throttle {
  private readonly paces = new Map<string, Pace>();
  private readonly pauses = new Map<string, Pause>();
  /** How often a provider was paused since it last took a mail. */
  private readonly rounds = new Map<string, number>();
  private readonly listeners = new Set<() => void>();

  constructor(
    private readonly now: () => number,
    private readonly onPause: (pause: Pause) => void = () => undefined,
  ) {}

  passFor(lane: Lane): Pass {
    const paces = lane.limits.map(({ key, limits }) => this.pace(key, limits));
    const key = keyOf(lane);
    return {
      waitMs: () => Math.max(this.pausedMs(key), ...paces.map((pace) => pace.waitMs(performance.now()))),
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

  /** Takes over what other processes found out; what is over is forgotten. */
  learn(pauses: readonly Pause[]): void {
    for (const pause of pauses) {
      const own = this.pauses.get(keyOf(pause));
      const domains = [...new Set([...(own?.domains ?? []), ...pause.domains])];
      this.pauses.set(
        keyOf(pause),
        own !== undefined && own.until > pause.until ? { ...own, domains } : { ...pause, domains },
      );
    }
  }

  /** What is left alone now on one way. */
  pausesOn(way: string): Pause[] {
    const now = this.now();
    return [...this.pauses.values()].filter((pause) => pause.way === way && pause.until > now);
  }

  /** A domain turned out to belong to a provider that is paused. */
  met({ way, provider, domain }: Pick<Lane, 'way' | 'provider' | 'domain'>): void {
    const pause = this.pauses.get(keyOf({ way, provider }));
    if (pause !== undefined && pause.until > this.now() && !pause.domains.includes(domain)) {
      pause.domains.push(domain);
      this.onPause(pause);
    }
  }

  private pausedMs(key: string): number {
    const pause = this.pauses.get(key);
    return pause === undefined ? 0 : Math.max(0, pause.until - this.now());
  }

  private judged(lane: Lane, outcome: Outcome): Outcome {
    if (outcome.status === 'accepted') {
      lane.limits.forEach(({ key, limits }) => this.pace(key, limits).well());
      this.rounds.delete(keyOf(lane));
      return outcome;
    }
    const pauseMs = this.demanded(lane, outcome);
    if (pauseMs === 0) return outcome;
    this.pause({ ...lane, until: this.now() + pauseMs, why: outcome.text, domains: [lane.domain] });
    return { ...outcome, pausesProvider: lane.provider, retryAfterMs: pauseMs };
  }

  /** How long the provider wants, or has, to be left alone after this answer. */
  private demanded(lane: Lane, outcome: Outcome): number {
    if (!isAnswer(outcome)) return 0;
    if (isRelays(lane, outcome)) return this.slowed(lane, outcome, 'sender');
    const asked = DEMANDS.find(([words]) => words.test(outcome.text))?.[1];
    if (asked !== undefined) return asked;
    const verdict = classify(outcome);
    if (verdict.pausesProvider) return this.nextRound(lane, 6);
    return this.slowed(lane, outcome, 'recipient');
  }

  /** @returns how long the provider is paused because that happened too often */
  private slowed(lane: Lane, outcome: Outcome, side: 'sender' | 'recipient'): number {
    if (!isTooFast(outcome)) return 0;
    const paces = lane.limits
      .filter(({ hears }) => hears === side || hears === 'both')
      .map(({ key, limits }) => this.pace(key, limits));
    paces.forEach((pace) => pace.slow(performance.now()));
    const isEnough = side === 'recipient' && paces.some(({ strikes }) => strikes >= STRIKES);
    return isEnough ? this.nextRound(lane, 1) : 0;
  }

  /** Each pause without a mail taken since the last is twice as long. */
  private nextRound(lane: Lane, factor: number): number {
    const round = this.rounds.get(keyOf(lane)) ?? 0;
    this.rounds.set(keyOf(lane), round + 1);
    return Math.min(LONGEST_PAUSE, FIRST_PAUSE * factor * 2 ** round);
  }

  private pause({ way, provider, until, why, domains }: Pause): void {
    const known = this.pauses.get(keyOf({ way, provider }));
    if (known !== undefined && known.until >= until) return;
    const pause = { way, provider, until, why, domains: [...new Set([...(known?.domains ?? []), ...domains])] };
    this.pauses.set(keyOf(pause), pause);
    this.onPause(pause);
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

function keyOf({ way, provider }: { way: string; provider: string }): string {
  return `${way} ${provider}`;
}

/**
 * Somebody at the other side said or showed something; our own refusals and the gate's judge nobody. Nor does a host that
 * was not found: whoever owns the domain wrote its name, perhaps that of somebody else's.
 */
function isAnswer({ status, phase, host, isRelayDown }: Outcome): boolean {
  const wasReached = phase !== 'connect' || host !== undefined;
  return isRelayDown !== true && status !== 'skipped' && status !== 'uncertain' && phase !== 'compose' && wasReached;
}

/** A server that can't be reached counts, too; greylisting is a rule for every first try and not about our pace. */
function isTooFast(outcome: Outcome): boolean {
  const { phase, status, code, text } = outcome;
  const isClosed = phase === 'connect' && status === 'deferred';
  return (isClosed || code === 421 || classify(outcome).class === 'throttled') && !GREYLISTED.test(text);
}

/** On the way over a relay an answer to our sender is the relay's own and says nothing of the recipient's provider. */
function isRelays({ limits }: Lane, { phase }: Outcome): boolean {
  return phase === 'sender' && limits.some(({ hears }) => hears === 'sender');
}
