import type { Unit } from '../platform/db/database.js';
import { foreignWords } from '../platform/foreign/foreign_words.js';

/** What an author should hear: the mail was refused for what it is, or a provider judges us. */
export type AlertKind = 'content' | 'reputation' | 'sender';

export interface Alert {
  kind: AlertKind;
  n: number;
  words: string;
  /** Who said that: a server, or `@` and the domain of the recipient whom a report is about. */
  saidBy: string;
  firstAt: Date;
  lastAt: Date;
}

const LONGEST = 500;

/** Adds to the alerts of a distribution; the latest words of each kind stay. */
export async function raiseAlerts(
  unit: Unit,
  { brandId, distributionId, now }: { brandId: string; distributionId: string; now: Date },
  alerts: readonly { kind: AlertKind; words: string; saidBy: string }[],
): Promise<void> {
  const counted = new Map<AlertKind, { n: number; words: string; saidBy: string }>();
  for (const { kind, words, saidBy } of alerts) {
    counted.set(kind, { n: (counted.get(kind)?.n ?? 0) + 1, words: foreignWords(words, LONGEST), saidBy });
  }
  for (const [kind, { n, words, saidBy }] of counted) {
    await unit.run(
      `INSERT INTO distribution_alerts AS a (brand_id, distribution_id, kind, n, words, said_by, first_at, last_at)
       VALUES ($1, $2, $3, $4, $5, $7, $6, $6)
       ON CONFLICT (brand_id, distribution_id, kind) DO UPDATE SET n = a.n + $4, words = $5, said_by = $7, last_at = $6`,
      [brandId, distributionId, kind, n, words, now, saidBy.slice(0, 300)],
    );
  }
}

export function alertsOf(unit: Unit, distributionId: string): Promise<Alert[]> {
  return unit.sql<Alert>(
    `SELECT kind, n, words, said_by AS "saidBy", first_at AS "firstAt", last_at AS "lastAt" FROM distribution_alerts
     WHERE distribution_id = $1 ORDER BY kind`,
    [distributionId],
  );
}
