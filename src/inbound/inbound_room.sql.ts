import type { Unit } from '../platform/db/database.js';
import { type Findings, toldAbout } from './reading/told_about.js';

/** What is kept about one message: so many mails, and of all of them so many bytes as they came. */
const MOST_A_MESSAGE = 10;
const BYTES_A_MESSAGE = 1_048_576;
/** Of the mails of one brand and day so many bytes are kept; of what comes later the day, only what was found in it. */
const BYTES_A_DAY = 256 * 1_048_576;

/**
 * - `whole`: it is kept as it came
 * - `facts`: the words of it are too much, what they say is not
 * - `enough`: so many mails speak of the message that only something new is taken
 */
export type Room = 'known' | 'whole' | 'facts' | 'enough';

/** One mail about a message after the other, so that all together keep to the bounds. Held until the unit ends. */
export async function waitForTurn(unit: Unit, messageId: string): Promise<void> {
  await unit.run("SELECT pg_advisory_xact_lock(hashtextextended('inbound ' || $1, 0))", [messageId]);
}

export async function roomFor(
  unit: Unit,
  { messageId, sourceKey, raw, receivedAt }: { messageId: string; sourceKey: string; raw: Buffer; receivedAt: Date },
): Promise<Room> {
  const { known, n, bytes, day } = await unit.one<{ known: boolean; n: number; bytes: number; day: string }>(
    `SELECT EXISTS (SELECT FROM inbound_mails WHERE source_key = $2) AS known, count(*)::int AS n,
       coalesce(sum(octet_length(raw)), 0)::int AS bytes,
       coalesce((SELECT bytes FROM inbound_days WHERE day = ($3::timestamptz AT TIME ZONE 'UTC')::date), 0) AS day
     FROM inbound_mails WHERE message_id = $1`,
    [messageId, sourceKey, receivedAt],
  );
  if (known) {
    return 'known';
  }
  if (n >= MOST_A_MESSAGE) {
    return 'enough';
  }
  const isMuch = bytes + raw.length > BYTES_A_MESSAGE || Number(day) + raw.length > BYTES_A_DAY;
  return isMuch ? 'facts' : 'whole';
}

/** @returns whether a mail about the message said the same before: it is counted there */
export async function countRepeat(unit: Unit, messageId: string, kind: string, findings: Findings): Promise<boolean> {
  const rows = await unit.sql<{ id: string; kind: string; findings: Findings; address: string }>(
    `SELECT i.id, i.kind, i.findings, m.address FROM inbound_mails i
     JOIN messages m ON m.brand_id = i.brand_id AND m.id = i.message_id
     WHERE i.message_id = $1 AND i.state <> 'stored' ORDER BY i.id`,
    [messageId],
  );
  const same = rows.find(
    (row) => sayingOf(row.kind, row.findings, row.address) === sayingOf(kind, findings, row.address),
  );
  if (same !== undefined) {
    await unit.run('UPDATE inbound_mails SET repeats = repeats + 1 WHERE id = $1', [same.id]);
  }
  return same !== undefined;
}

/** What a mail comes to for the ledger: a report about another address than the message's says something else. */
function sayingOf(kind: string, findings: Findings, address: string): string {
  const told = toldAbout({ kind, findings }, address);
  return `${told.kind} ${told.findings.verdict?.class ?? ''} ${told.about}`;
}

/** What is kept of a day grows, or shrinks when a mail was read and only its essence stays. */
export async function countBytes(unit: Unit, brandId: string, receivedAt: Date, bytes: number): Promise<void> {
  if (bytes !== 0) {
    await unit.run(
      `INSERT INTO inbound_days AS d (brand_id, day, bytes) VALUES ($1, ($2::timestamptz AT TIME ZONE 'UTC')::date, greatest($3::bigint, 0))
       ON CONFLICT (brand_id, day) DO UPDATE SET bytes = greatest(d.bytes + $3::bigint, 0)`,
      [brandId, receivedAt, bytes],
    );
  }
}

/** How many bytes the mails of all brands take that came since that day. */
export async function bytesSince(unit: Unit, since: Date): Promise<number> {
  const { bytes } = await unit.one<{ bytes: string }>(
    `SELECT bytes FROM sum_inbound_mails(($1::timestamptz AT TIME ZONE 'UTC')::date)`,
    [since],
  );
  return Number(bytes);
}
