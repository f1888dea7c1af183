import type { Outcome, Outgoing } from '../platform/channel.js';
import type { Clock } from '../platform/clock.js';
import type { Database } from '../platform/db/database.js';
import { failpoint } from '../platform/failpoint.js';
import { closingBy, isHold } from '../audiences/reasons.js';
import type { Distribution } from '../ledger/distribution.entity.js';
import { Gate } from './gate.js';
import type { ClaimedMessage } from '../ledger/ledger.sql.js';
import { LedgerWriter } from './ledger_writer.js';
import type { Closure, Port, Prepared, Reading } from './port.js';
import { Settling } from './settling.js';
import type { WeeklyLimits } from '../limits/weekly_limits.service.js';

interface Parts {
  database: Database;
  clock: Clock;
  limits: WeeklyLimits;
  port: Port;
}

interface Rules {
  wireMs: number;
  resendAfterMs: number;
  lastChance: Date | null;
  /** A message that the other side put off for so long is not sent any more; undefined: the usual time. */
  giveUpMs: number | undefined;
}

/** One turn of one distribution: its messages, its gate, and what closed the way, if anything did. */
export class SendingRun {
  closure: Closure | undefined;
  sawWork = false;
  private isStopped = false;
  private readonly gate: Gate;
  private readonly settling: Settling;

  constructor(
    private readonly parts: Parts,
    readonly distribution: Distribution,
    private readonly prepared: Prepared<Outgoing>,
    rules: Rules,
  ) {
    const writer = new LedgerWriter(parts, distribution, rules.wireMs);
    this.gate = new Gate(writer, parts.clock);
    this.settling = new Settling(writer, parts.clock, this.gate, rules);
  }

  get isOpen(): boolean {
    return !this.isStopped;
  }

  stop(): void {
    this.isStopped = true;
    this.gate.shut();
  }

  /** Sends a batch and returns when everything about it is written down. */
  async send(batch: readonly ClaimedMessage[]): Promise<void> {
    const startedAt = this.parts.clock.now();
    const byId = new Map(batch.map((message) => [message.id, message]));
    const records: Promise<void>[] = [];
    const record = (outcome: Outcome): void => {
      const reading = outcome.status === 'skipped' ? undefined : this.parts.port.read(outcome);
      this.notice(outcome, reading);
      const message = byId.get(outcome.messageId)!;
      const written = this.settling.record({
        message,
        outcome,
        reading,
        startedAt: this.gate.wired.get(message.id) ?? startedAt,
      });
      written.catch(() => undefined); // told below, when the channel is done
      records.push(written);
    };
    const messages = this.made(batch, record);
    const ask = (id: string): Promise<boolean> => this.gate.letThrough(id, byId.get(id)!.token);
    for await (const outcome of this.parts.port.channel.send(messages, ask)) {
      if (outcome.status === 'accepted') {
        failpoint('accepted');
      }
      record(outcome);
    }
    await Promise.all(records);
  }

  /** Recipients whose address is none never reach the channel, and no message that can be made for nobody. */
  private made(batch: readonly ClaimedMessage[], record: (outcome: Outcome) => void): Outgoing[] {
    return batch.flatMap((claimed) => {
      const made = this.prepared.made(claimed);
      if ('message' in made) {
        return [made.message];
      }
      if ('closure' in made) {
        this.close(made.closure);
      } else {
        this.gate.refusals.set(claimed.id, { reason: 'invalid_address', reasonAt: null });
      }
      record({ messageId: claimed.id, status: 'skipped', text: '', detail: undefined });
      return [];
    });
  }

  private notice({ messageId }: Outcome, reading: Reading | undefined): void {
    const refusal = reading === undefined ? this.gate.refusals.get(messageId)?.reason : undefined;
    const closure = refusal === undefined ? reading?.closure : closingBy(refusal);
    if (closure !== undefined) {
      this.close(closure);
    } else if (refusal !== undefined && isHold(refusal)) {
      this.stop();
    }
  }

  /** The first reason is the one that is told. */
  private close(closure: Closure): void {
    this.closure ??= closure;
    this.stop();
  }
}
