import type { Outcome } from '../platform/channel.js';
import { Clock } from '../platform/clock.js';
import { Database, type Unit } from '../platform/db/database.js';
import { Live } from '../platform/web/live.js';
import type { Distribution } from './distribution.entity.js';
import type { Gate, Refusal } from './gate.js';
import { GroupCommit } from './group_commit.js';
import { type Attempt, type ClaimedMessage, type Result, releaseReservations, settle } from './ledger.sql.js';
import { type Move, moveAfter } from './message.entity.js';
import type { WeeklyLimits } from './weekly_limits.service.js';

/** After a failed commit the words of the servers are kept and written again: losing them makes duplicates. */
const AGAIN_AFTER_MS = [200, 1000, 5000, 15_000];
const TEXT_LENGTH = 1000;

export interface Ended {
  message: ClaimedMessage;
  outcome: Outcome;
  startedAt: Date;
}

interface Parts {
  database: Database;
  clock: Clock;
  live: Live;
  limits: WeeklyLimits;
}

/** Writes down how tries ended, those of one moment together. */
export class Settling {
  private readonly group: GroupCommit<Result, void>;

  constructor(
    private readonly parts: Parts,
    private readonly distribution: Distribution,
    private readonly gate: Gate,
    private readonly rules: { lastChance: Date | null; resendAfterMs: number },
  ) {
    this.group = new GroupCommit(async (results) => {
      await this.commit(results);
      return results.map(() => undefined);
    });
  }

  /** Resolves when it is committed. */
  async record(ended: Ended): Promise<void> {
    const result = this.resultOf(ended);
    if (result !== undefined) {
      await this.group.ask(result);
    }
  }

  /** Undefined where somebody else has the message now: nothing of it is ours to write. */
  private resultOf({ message, outcome, startedAt }: Ended): Result | undefined {
    const now = this.parts.clock.now();
    const { id, token } = message;
    if (outcome.status === 'skipped') {
      const refusal = this.gate.refusals.get(id) ?? { reason: 'stopped', reasonAt: null };
      const since = refusal.reasonAt === null ? {} : { reasonAt: refusal.reasonAt };
      return refusal.reason === 'lost'
        ? undefined
        : { id, token, ...refusedMove(refusal, message, now), ...since, counts: false };
    }
    const wasWired = this.gate.wired.has(id);
    const counts = !wasWired && outcome.isRelayDown !== true;
    const attempts = message.attempts + (wasWired || counts ? 1 : 0);
    const move = moveAfter(outcome, { ...message, attempts }, { now, chance: Math.random(), ...this.rules });
    return {
      id,
      token,
      ...move,
      ...(attempts > message.attempts ? { attempt: attemptOf(outcome, startedAt) } : {}),
      counts,
    };
  }

  private async commit(results: Result[]): Promise<void> {
    for (const wait of [...AGAIN_AFTER_MS, undefined]) {
      try {
        await this.parts.database.apart(this.distribution.brandId, (unit) => this.write(unit, results));
        return;
      } catch (error) {
        if (wait === undefined) {
          throw error;
        }
        await new Promise((resolve) => setTimeout(resolve, wait));
      }
    }
  }

  private async write(unit: Unit, results: Result[]): Promise<void> {
    const { brandId, id, ownerId, surveyId } = this.distribution;
    await settle(unit, results, this.parts.clock.now());
    const over = results.filter(({ state }) => state === 'failed' || state === 'skipped' || state === 'cancelled');
    if (over.length > 0) {
      for (const { hour, n } of await releaseReservations(
        unit,
        id,
        over.map((result) => result.id),
      )) {
        await this.parts.limits.giveBack(brandId, ownerId, hour, n);
      }
    }
    await this.parts.live.changed(unit, `distribution:${id}`);
    await this.parts.live.changed(unit, `survey:${surveyId}`);
  }
}

function attemptOf({ status, phase, text, host, code, enhanced, queueId }: Outcome, startedAt: Date): Attempt {
  const words = text.replaceAll('\0', '').slice(0, TEXT_LENGTH);
  return { outcome: status, phase, startedAt, text: words, host, code, enhanced, queueId };
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
  if (reason === 'stopped' || reason.startsWith('hold:')) {
    return { state: 'queued', runAt: now };
  }
  return message.resends > 0 ? { state: 'uncertain', reason: 'unconfirmed' } : { state: 'skipped', reason };
}
