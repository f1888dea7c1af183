import type { Clock } from '../platform/clock.js';
import type { Database, Unit } from '../platform/db/database.js';
import type { Live } from '../platform/web/live.js';
import type { Distribution } from './distribution.entity.js';
import { GroupCommit } from './group_commit.js';
import { putOnWire, releaseReservations, type Result, settle, type Verdict } from './ledger.sql.js';
import type { WeeklyLimits } from './weekly_limits.service.js';

/** After a failed commit the words of the servers are kept and written again: losing them makes duplicates. */
const AGAIN_AFTER_MS = [200, 1000, 5000, 15_000];
/** Open pages are told so often at most; notices take a lock that all commits share. */
const TELL_EVERY_MS = 250;

interface Parts {
  database: Database;
  clock: Clock;
  live: Live;
  limits: WeeklyLimits;
}

type Entry = { ask: { id: string; token: string } } | { result: Result };

/**
 * Writes what the connections of one run want written, all of one moment in one transaction, results before new
 * intents. A connection's last result is therefore committed before its next message is on the wire: a process that
 * dies leaves no more messages in doubt than it had connections.
 */
export class LedgerWriter {
  private readonly group: GroupCommit<Entry, Verdict | undefined>;
  private toldAt = 0;

  constructor(
    private readonly parts: Parts,
    private readonly distribution: Distribution,
    private readonly wireMs: number,
  ) {
    this.group = new GroupCommit((entries) => this.commit(entries));
  }

  /** Commits the intent to send. @returns undefined when the lease is somebody else's now */
  ask(id: string, token: string): Promise<Verdict | undefined> {
    return this.group.ask({ ask: { id, token } });
  }

  /** Resolves when the result is committed. */
  async record(result: Result): Promise<void> {
    await this.group.ask({ result });
  }

  private async commit(entries: Entry[]): Promise<(Verdict | undefined | Error)[]> {
    const asks = entries.flatMap((entry) => ('ask' in entry ? [entry.ask] : []));
    const results = entries.flatMap((entry) => ('result' in entry ? [entry.result] : []));
    let verdicts: Map<string, Verdict> | Error;
    try {
      verdicts = await this.write(results, asks);
    } catch (error) {
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
        await this.write(results, []);
        return;
      } catch (error) {
        if (wait === AGAIN_AFTER_MS.at(-1)) {
          throw error;
        }
      }
    }
  }

  private write(results: Result[], asks: { id: string; token: string }[]): Promise<Map<string, Verdict>> {
    return this.parts.database.apart(this.distribution.brandId, async (unit) => {
      if (results.length > 0) {
        await this.writeResults(unit, results);
      }
      if (asks.length === 0) {
        return new Map();
      }
      const now = this.parts.clock.now();
      const verdicts = await putOnWire(unit, {
        ids: asks.map(({ id }) => id),
        tokens: asks.map(({ token }) => token),
        now,
        until: new Date(now.getTime() + this.wireMs),
      });
      return new Map(verdicts.map((verdict) => [verdict.id, verdict]));
    });
  }

  private async writeResults(unit: Unit, results: Result[]): Promise<void> {
    const { brandId, id, ownerId, surveyId } = this.distribution;
    await settle(unit, results, this.parts.clock.now());
    const over = results.filter(({ state }) => state !== 'accepted' && state !== 'uncertain');
    if (over.length > 0) {
      const ids = over.map((result) => result.id);
      for (const { hour, n } of await releaseReservations(unit, id, ids)) {
        await this.parts.limits.giveBack(brandId, ownerId, hour, n);
      }
    }
    if (this.parts.clock.ms() - this.toldAt > TELL_EVERY_MS) {
      this.toldAt = this.parts.clock.ms();
      await this.parts.live.changed(unit, `distribution:${id}`);
      await this.parts.live.changed(unit, `survey:${surveyId}`);
    }
  }
}
