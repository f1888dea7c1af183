import type { OutcomeStatus } from '../platform/channel.js';

/** The ledger row of one recipient. `ledger/message_moves.ts` lists every move; where a try leads is decided here. */
export type MessageState =
  | 'planned'
  | 'queued'
  | 'leased'
  | 'wire'
  | 'accepted'
  | 'failed'
  | 'uncertain'
  | 'skipped'
  | 'cancelled';

const MINUTE_MS = 60_000;
const WAITS = [5, 10, 20, 40, 60, 120];
const LONGEST_WAIT = 240;
const SPREAD = 0.2;
/** A server that says "not now" for this long will not take it any more. */
const GIVE_UP_MS = 48 * 60 * MINUTE_MS;

/** What the ledger knows of a message when a try of it ended. */
export interface Try {
  attempts: number;
  /** Whether it was uncertain before: a copy may exist already. */
  resends: number;
  deferredSince: Date | null;
}

/** What a try ended with, as far as the ledger's next state depends on it. */
export interface Ending {
  status: OutcomeStatus;
  /** Nobody was asked. */
  isUntried?: boolean | undefined;
  /** How long to wait, where somebody said it. */
  retryAfterMs?: number | undefined;
  /** What its words mean: some refusals are worth another try, and each has a reason of its own. */
  refusal?: { class: string; retry: boolean } | undefined;
}

export interface Surroundings {
  now: Date;
  /** When the link or the survey ends: no try after that. */
  lastChance: Date | null;
  resendAfterMs: number;
  /** After so long a mail that servers put off is not sent any more; undefined: 48 hours. */
  giveUpMs?: number | undefined;
  /** From 0 to 1; spreads retries so that a server that comes back is not stormed. */
  chance: number;
}

export interface Move {
  state: MessageState;
  runAt?: Date;
  resendAt?: Date;
  reason?: string;
  deferredSince?: Date;
}

/** Where a message goes after a try. `skipped` is decided by the gate, which knows the reason. */
export function moveAfter(ending: Ending, message: Try, around: Surroundings): Move {
  switch (ending.status) {
    case 'accepted':
      return { state: 'accepted' };
    case 'refused':
      return refused(ending, message, around);
    case 'uncertain':
      return message.resends === 0
        ? { state: 'uncertain', reason: 'unconfirmed', resendAt: later(around.now, around.resendAfterMs) }
        : { state: 'uncertain', reason: 'unconfirmed_twice' };
    case 'not_sent':
      return ending.isUntried === true
        ? { state: 'queued', runAt: later(around.now, ending.retryAfterMs ?? 0) }
        : deferred(ending, message, around);
    case 'skipped':
      return { state: 'queued', runAt: around.now };
    case 'deferred':
      return deferred(ending, message, around);
    default:
      throw new TypeError(`There is no outcome ${String(ending.status satisfies never)}`);
  }
}

function refused(ending: Ending, message: Try, around: Surroundings): Move {
  const { refusal } = ending;
  if (refusal?.retry === true) {
    return deferred(ending, message, around);
  }
  return { state: 'failed', reason: refusal === undefined || refusal.class === 'unknown' ? 'refused' : refusal.class };
}

function deferred(
  ending: Ending,
  message: Try,
  { now, lastChance, chance, giveUpMs = GIVE_UP_MS }: Surroundings,
): Move {
  const since = message.deferredSince ?? now;
  const runAt = later(now, Math.max(waitAfter(message.attempts, chance), ending.retryAfterMs ?? 0));
  if (runAt.getTime() > since.getTime() + giveUpMs) {
    return { state: 'failed', reason: 'put_off_too_long' };
  }
  if (lastChance !== null && runAt >= lastChance) {
    return { state: 'failed', reason: 'too_late' };
  }
  return { state: 'queued', runAt, deferredSince: since };
}

/** 5, 10, 20, 40, 60, 120 and then every 240 minutes, give or take a fifth. */
export function waitAfter(attempts: number, chance: number): number {
  const minutes = WAITS[Math.max(0, attempts - 1)] ?? LONGEST_WAIT;
  return Math.round(minutes * MINUTE_MS * (1 - SPREAD + 2 * SPREAD * chance));
}

function later(now: Date, ms: number): Date {
  return new Date(now.getTime() + ms);
}
