import { failpoint } from '../platform/failpoint.js';
import type { Clock } from '../platform/clock.js';
import { READDRESSED } from '../audiences/policy.js';
import type { Verdict } from './wire.sql.js';
import type { LedgerWriter } from './ledger_writer.js';

/** Why a message was not let through; `lost`: it is somebody else's now, or waits for its new address; `stopped`: this run ends. */
export interface Refusal {
  reason: string;
  reasonAt: Date | null;
}

/** The last door before the wire: a message is let through only after its intent is committed. */
export class Gate {
  /** Of this run: when messages went through, and why others did not. */
  readonly wired = new Map<string, Date>();
  readonly refusals = new Map<string, Refusal>();
  private isShut = false;

  constructor(
    private readonly writer: LedgerWriter,
    private readonly clock: Clock,
  ) {}

  /** Nothing goes through any more; what is on the wire already ends as it ends. */
  shut(): void {
    this.isShut = true;
  }

  async letThrough(id: string, token: string): Promise<boolean> {
    const verdict = this.isShut ? { reason: 'stopped', reasonAt: null } : await this.asked(id, token);
    if (verdict?.reason === null) {
      this.wired.set(id, this.clock.now());
      failpoint('wired');
      return true;
    }
    const reason = verdict === undefined || verdict.reason === READDRESSED ? 'lost' : verdict.reason;
    this.refusals.set(id, { reason, reasonAt: verdict?.reasonAt ?? null });
    return false;
  }

  /**
   * The database failing is no fault of the message: it keeps its try and is due at once. Whether the intent was
   * committed or not, its body has not left.
   */
  private async asked(id: string, token: string): Promise<Omit<Verdict, 'id'> | undefined> {
    try {
      return await this.writer.ask(id, token);
    } catch {
      return { reason: 'stopped', reasonAt: null };
    }
  }
}
