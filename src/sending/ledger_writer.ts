import { tellOf } from '../ledger/live/distribution.topics.js';
import type { Clock } from '../platform/clock.js';
import type { Database, Unit } from '../platform/db/database.js';
import type { Distribution } from '../ledger/distribution.entity.js';
import { GroupCommit } from './group_commit.js';
import { type Ask, type Verdict, writeLedger } from './wire.sql.js';
import { releaseReservations, type Result } from '../ledger/ledger.sql.js';
import type { Port } from './port.js';
import type { WeeklyLimits } from '../limits/weekly_limits.service.js';

/** After a failed commit the words of the servers are kept and written again: losing them makes duplicates. */
const AGAIN_AFTER_MS = [200, 1000, 5000, 15_000];

interface Parts {
  database: Database;
  clock: Clock;
  limits: WeeklyLimits;
  port: Port;
}

type Entry = { ask: Ask } | { result: Result };

/**
 * Writes what the connections of one run want written, all of one moment in one transaction, results before new
 * intents. A connection's last result is therefore committed before its next message is on the wire: a process that
 * dies leaves no more messages in doubt than it had connections.
 */
export class LedgerWriter {
  private readonly group: GroupCommit<Entry, Verdict | undefined>;

  constructor(
    private readonly parts: Parts,
    private readonly distribution: Distribution,
    private readonly wireMs: number,
  ) {
    this.group = new GroupCommit((entries, turn) => this.commit(entries, turn));
  }

  /** Commits the intent to send. @returns undefined when the lease is somebody else's now */
  ask(id: string, token: string): Promise<Verdict | undefined> {
    return this.group.ask({ ask: { id, token } });
  }

  /**
   * Resolves when the result is committed: with the next intent of any connection, which usually is the same one's next
   * mail. A commit of its own would double the commits of a mail.
   */
  async record(result: Result): Promise<void> {
    await this.group.leave({ result });
  }

  private async commit(entries: Entry[], turn: Promise<void>): Promise<(Verdict | undefined | Error)[]> {
    const asks = entries.flatMap((entry) => ('ask' in entry ? [entry.ask] : []));
    const results = entries.flatMap((entry) => ('result' in entry ? [entry.result] : []));
    let verdicts: Map<string, Verdict> | Error;
    try {
      verdicts = await this.write(results, asks, turn);
    } catch (error) {
      await turn;
      await this.writeAgain(results);
      verdicts = error as Error;
    }
    return entries.map((entry) => {
      if ('result' in entry) {
        return undefined;
      }
      return verdicts instanceof Error ? verdicts : verdicts.get(entry.ask.id);
    });
  }

  private async writeAgain(results: Result[]): Promise<void> {
    for (const wait of results.length === 0 ? [] : AGAIN_AFTER_MS) {
      await new Promise((resolve) => setTimeout(resolve, wait));
      try {
        await this.write(results, [], Promise.resolve());
        return;
      } catch (error) {
        if (wait === AGAIN_AFTER_MS.at(-1)) {
          throw error;
        }
      }
    }
  }

  private write(results: Result[], asks: Ask[], turn: Promise<void>): Promise<Map<string, Verdict>> {
    return this.parts.database.apart(this.distribution.brandId, async (unit) => {
      const now = this.parts.clock.now();
      const wireUntil = new Date(now.getTime() + this.wireMs);
      const verdicts = await writeLedger(unit, { results, asks, now, wireUntil });
      await turn; // from here on it takes the locks of the limits, which all transactions share
      await this.giveBack(unit, results);
      await this.parts.port.settled(unit, this.distribution, results, now);
      this.tell(unit);
      return new Map(verdicts.map((verdict) => [verdict.id, verdict]));
    });
  }

  /** What never was on the wire and never will be costs nothing. */
  private async giveBack(unit: Unit, results: Result[]): Promise<void> {
    const ids = results.flatMap(({ id, state }) => (state === 'accepted' || state === 'uncertain' ? [] : [id]));
    const { id, payer } = this.distribution;
    for (const { hour, n } of ids.length === 0 ? [] : await releaseReservations(unit, id, ids)) {
      await this.parts.limits.giveBack(unit, payer, hour, n);
    }
  }

  private tell(unit: Unit): void {
    tellOf(unit, this.distribution);
  }
}
