import { Clock } from '../platform/clock.js';
import { Database } from '../platform/db/database.js';
import { GroupCommit } from './group_commit.js';
import { putOnWire, type Verdict } from './ledger.sql.js';

/** Why a message was not let through; `lost`: its lease is somebody else's now; `stopped`: this process ends. */
export interface Refusal {
  reason: string;
  reasonAt: Date | null;
}

interface Asked {
  id: string;
  token: string;
}

/**
 * The last door before the wire, for one distribution. Connections that ask at the same moment share one transaction.
 * A message is let through only after its intent is committed: whatever happens later, the ledger knows.
 */
export class Gate {
  /** Of this run: what became of those who asked. */
  readonly wired = new Map<string, Date>();
  readonly refusals = new Map<string, Refusal>();
  private readonly group: GroupCommit<Asked, Verdict | undefined>;
  private isShut = false;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly brandId: string,
    private readonly wireMs: number,
  ) {
    this.group = new GroupCommit((asked) => this.commit(asked));
  }

  /** Nothing goes through any more; what is on the wire already ends as it ends. */
  shut(): void {
    this.isShut = true;
  }

  async letThrough(id: string, token: string): Promise<boolean> {
    const verdict = this.isShut ? { id, reason: 'stopped', reasonAt: null } : await this.group.ask({ id, token });
    if (verdict?.reason === null) {
      this.wired.set(id, this.clock.now());
      return true;
    }
    this.refusals.set(id, { reason: verdict?.reason ?? 'lost', reasonAt: verdict?.reasonAt ?? null });
    return false;
  }

  private async commit(asked: Asked[]): Promise<(Verdict | undefined)[]> {
    const now = this.clock.now();
    const verdicts = await this.database.apart(this.brandId, (unit) =>
      putOnWire(unit, {
        ids: asked.map(({ id }) => id),
        tokens: asked.map(({ token }) => token),
        now,
        until: new Date(now.getTime() + this.wireMs),
      }),
    );
    const byId = new Map(verdicts.map((verdict) => [verdict.id, verdict]));
    return asked.map(({ id }) => byId.get(id));
  }
}
