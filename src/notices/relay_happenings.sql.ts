import type { Unit } from '../platform/db/database.js';
import type { Happening } from './notice_kinds.js';

interface SilentRow {
  id: string;
  name: string;
  downSince: Date | null;
  hasLasted: boolean;
  trouble: string;
  /** The first relay that takes all that this one would. */
  other: string | null;
  isTold: boolean;
}

/** A relay that lets distributions wait for ten minutes, or one that does so no more. */
export async function relayHappening(unit: Unit, now: Date): Promise<Happening | undefined> {
  const [row] = await unit.sql<{ held: number; lasting: number; reason: string | null; state: string | null }>(
    `SELECT count(*)::int AS held, count(*) FILTER (WHERE held_at <= $1::timestamptz - interval '10 minutes')::int AS lasting,
       min(error_text) AS reason, (SELECT state FROM notice_events WHERE key = 'relay') AS state
     FROM distributions WHERE status = 'held' AND held_reason = 'relay' AND deleted_at IS NULL`,
    [now],
  );
  const { held = 0, lasting = 0, reason, state } = row ?? {};
  const common = { key: 'relay', kind: 'relays' as const, stamp: now.toISOString() };
  if (lasting > 0 && state !== 'down') {
    return {
      ...common,
      state: 'down',
      facts: { words: 'relay_down', reason: reason ?? '', counts: { waiting: held } },
    };
  }
  return held === 0 && state === 'down' ? { ...common, state: 'up', facts: { words: 'relay_up' } } : undefined;
}

/**
 * Relays that have not answered for ten minutes while others take over, and those that answer again. Of one that nobody
 * stands in for distributions wait, and that is told of them. One that rests or was removed is no longer anybody's news.
 */
export async function silentRelays(unit: Unit, now: Date): Promise<Happening[]> {
  await unit.run(
    `UPDATE notice_events e SET state = 'rests' WHERE state = 'down' AND key LIKE 'relay:%'
       AND NOT EXISTS (SELECT FROM relays r WHERE r.brand_id = e.brand_id AND 'relay:' || r.id = e.key AND r.enabled)`,
  );
  const rows = await unit.sql<SilentRow>(
    `SELECT r.id, r.name, r.down_since AS "downSince", r.trouble, coalesce(e.state = 'down', false) AS "isTold",
       coalesce(r.down_at >= r.down_since + interval '10 minutes', false) AS "hasLasted",
       (SELECT y.name FROM relays y WHERE y.id <> r.id AND y.enabled AND y.down_at IS NULL
          AND (y.from_domains = '{}' OR (r.from_domains <> '{}' AND r.from_domains <@ y.from_domains))
          ORDER BY y.place, y.id LIMIT 1) AS other
     FROM relays r LEFT JOIN notice_events e ON e.brand_id = r.brand_id AND e.key = 'relay:' || r.id
     WHERE r.enabled AND (r.down_at IS NOT NULL OR e.state = 'down') ORDER BY r.place, r.id`,
  );
  return rows.flatMap((row) => happeningsOf(row, now));
}

function happeningsOf(
  { id, name: title, downSince, hasLasted, trouble, other, isTold }: SilentRow,
  now: Date,
): Happening[] {
  const common = { key: `relay:${id}`, kind: 'relays' as const, stamp: now.toISOString() };
  if (downSince === null) {
    return isTold ? [{ ...common, state: 'up', facts: { words: 'relay_answers', title } }] : [];
  }
  if (isTold || !hasLasted || other === null) {
    return [];
  }
  const facts = { words: 'relay_silent', title, other, since: downSince.toISOString(), reason: trouble };
  return [{ ...common, state: 'down', facts }];
}
