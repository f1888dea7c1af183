import type { Outcome } from '../platform/channel.js';
import { replyWords } from '../platform/foreign/foreign_words.js';
import type { Clock } from '../platform/clock.js';
import type { Gate, Refusal } from './gate.js';
import type { Attempt, ClaimedMessage, Result } from '../ledger/ledger.sql.js';
import type { LedgerWriter } from './ledger_writer.js';
import { isHold } from '../audiences/reasons.js';
import { type Move, moveAfter } from '../ledger/message.entity.js';
import type { Reading } from './port.js';

const TEXT_LENGTH = 1000;

export interface Ended {
  message: ClaimedMessage;
  outcome: Outcome;
  /** Absent where it was skipped. */
  reading: Reading | undefined;
  startedAt: Date;
}

/** Decides where messages go after their tries, and has it written down. */
export class Settling {
  constructor(
    private readonly writer: LedgerWriter,
    private readonly clock: Clock,
    private readonly gate: Gate,
    private readonly rules: { lastChance: Date | null; resendAfterMs: number; giveUpMs: number | undefined },
  ) {}

  /** Resolves when it is committed. */
  async record(ended: Ended): Promise<void> {
    const result = this.resultOf(ended);
    if (result !== undefined) {
      await this.writer.record(result);
    }
  }

  /** Undefined where the message is somebody else's now, or waits for its new address: nothing of it is ours to write. */
  private resultOf({ message, outcome, reading, startedAt }: Ended): Result | undefined {
    const now = this.clock.now();
    const { id, token } = message;
    if (reading === undefined) {
      const refusal = this.gate.refusals.get(id) ?? { reason: 'stopped', reasonAt: null };
      const since = refusal.reasonAt === null ? {} : { reasonAt: refusal.reasonAt };
      return refusal.reason === 'lost'
        ? undefined
        : { id, token, ...refusedMove(refusal, message, now), ...since, counts: false };
    }
    const { refusal, concerns } = reading;
    const counts = !this.gate.wired.has(id) && concerns === undefined;
    const attempts = message.attempts + Number(counts || this.gate.wired.has(id));
    const { status, retryAfterMs } = outcome;
    const ending = { status, retryAfterMs, refusal, isUntried: concerns === 'nobody' };
    const move = moveAfter(ending, { ...message, attempts }, { now, chance: Math.random(), ...this.rules });
    const isTold = attempts > message.attempts || concerns === 'all';
    return {
      id,
      token,
      ...move,
      ...(refusal === undefined ? {} : { refusal }),
      ...(isTold ? { attempt: attemptOf(outcome, reading, startedAt) } : {}),
      counts,
    };
  }
}

function attemptOf({ status, text, host }: Outcome, { attempt }: Reading, startedAt: Date): Attempt {
  const said = text.replaceAll('\0', '').slice(0, TEXT_LENGTH).toWellFormed();
  return { outcome: status, startedAt, text: said, words: replyWords({ ...attempt, text: said }), host, ...attempt };
}

/**
 * Where a message goes that the gate did not let through. One that was uncertain before may have arrived, so it is never
 * called skipped or cancelled: it stays uncertain, and says why it is not sent again.
 */
export function refusedMove({ reason }: Refusal, message: Pick<ClaimedMessage, 'resends'>, now: Date): Move {
  if (reason === 'hold:cancelled') {
    return message.resends > 0
      ? { state: 'uncertain', reason: 'unconfirmed' }
      : { state: 'cancelled', reason: 'cancelled' };
  }
  if (reason === 'stopped' || isHold(reason)) {
    return { state: 'queued', runAt: now };
  }
  return message.resends > 0 ? { state: 'uncertain', reason: 'unconfirmed' } : { state: 'skipped', reason };
}
