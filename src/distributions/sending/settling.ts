import type { MailOutcome } from '../../mailer/mailer.service.js';
import { classify, type Verdict } from '../../mailer/inbound/inbound.service.js';
import { replyWords } from '../../platform/foreign_words.js';
import type { Clock } from '../../platform/clock.js';
import type { Gate, Refusal } from './gate.js';
import type { Attempt, ClaimedMessage, Result } from './ledger.sql.js';
import type { LedgerWriter } from './ledger_writer.js';
import { isHold } from '../audiences/reasons.js';
import { type Move, moveAfter } from '../message.entity.js';

const TEXT_LENGTH = 1000;

export interface Ended {
  message: ClaimedMessage;
  outcome: MailOutcome;
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
  private resultOf({ message, outcome, startedAt }: Ended): Result | undefined {
    const now = this.clock.now();
    const { id, token } = message;
    if (outcome.status === 'skipped') {
      const refusal = this.gate.refusals.get(id) ?? { reason: 'stopped', reasonAt: null };
      const since = refusal.reasonAt === null ? {} : { reasonAt: refusal.reasonAt };
      return refusal.reason === 'lost'
        ? undefined
        : { id, token, ...refusedMove(refusal, message, now), ...since, counts: false };
    }
    const counts = !this.gate.wired.has(id) && costsTry(outcome);
    const attempts = message.attempts + Number(counts || this.gate.wired.has(id));
    const refusal = refusalOf(outcome);
    const ending = { ...outcome, ...outcome.detail, refusal };
    const move = moveAfter(ending, { ...message, attempts }, { now, chance: Math.random(), ...this.rules });
    const isTold = attempts > message.attempts || isOfAll(outcome);
    return {
      id,
      token,
      ...move,
      ...(refusal === undefined ? {} : { refusal }),
      ...(isTold ? { attempt: attemptOf(outcome, startedAt) } : {}),
      counts,
    };
  }
}

/** Nobody was asked, or the answer was about all our mails: the message keeps its tries. */
function costsTry(outcome: MailOutcome): boolean {
  const { isRelayDown, isPutOff, isUnsigned } = outcome.detail;
  return isRelayDown !== true && isPutOff !== true && isUnsigned !== true && !isOfAll(outcome);
}

/** The answer speaks of the sender's mails and not of this one. */
function isOfAll({ detail: { isAboutUs, pausesProvider } }: MailOutcome): boolean {
  return isAboutUs === true || pausesProvider !== undefined;
}

/** What a server's no means; undefined where no server said one. */
export function refusalOf({ status, text, detail }: MailOutcome): Verdict | undefined {
  const isServers = (status === 'refused' || status === 'deferred') && detail.code !== undefined;
  return isServers ? classify({ ...detail, text }) : undefined;
}

function attemptOf({ status, text, host, detail }: MailOutcome, startedAt: Date): Attempt {
  const { phase, code, enhanced, queueId } = detail;
  const words = text.replaceAll('\0', '').slice(0, TEXT_LENGTH).toWellFormed();
  return {
    outcome: status,
    phase,
    startedAt,
    text: words,
    words: replyWords({ code, enhanced, text: words }),
    host,
    code,
    enhanced,
    queueId,
  };
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
