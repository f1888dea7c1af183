import type { Unit } from '../platform/db/database.js';
import type { Distribution } from '../ledger/distribution.entity.js';
import type { Readers } from '../audiences/readers.sql.js';

/** What a distribution would do right now: who gets a mail, who doesn't and why. */
export interface Outlook {
  audience: number;
  mails: number;
  skipped: { reason: string; n: number }[];
  /** Those who get it, by language, and how many of them lack what it prints; nothing where nobody asked. */
  readers?: Readers[];
}

/** A count is believed for so long; what it is off by then is settled exactly at the end of planning. */
const FRESH_MS = 600_000;

/** What was counted of this very version a short while ago. */
export async function keptOutlook(
  unit: Unit,
  { id, modifiedAt }: Distribution,
  now: Date,
): Promise<Outlook | undefined> {
  const [kept] = await unit.sql<Outlook>(
    `SELECT audience, mails, skipped, readers FROM distribution_outlooks
     WHERE distribution_id = $1 AND revision = $2 AND counted_at > $3`,
    [id, modifiedAt, new Date(now.getTime() - FRESH_MS)],
  );
  return kept;
}

export async function keepOutlook(
  unit: Unit,
  { brandId, id, modifiedAt }: Distribution,
  { audience, mails, skipped, readers = [] }: Outlook,
  now: Date,
): Promise<void> {
  await unit.run(
    `INSERT INTO distribution_outlooks (brand_id, distribution_id, revision, counted_at, audience, mails, skipped, readers)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
     ON CONFLICT (brand_id, distribution_id) DO UPDATE SET revision = $3, counted_at = $4, audience = $5, mails = $6, skipped = $7, readers = $8`,
    [brandId, id, modifiedAt, now, audience, mails, JSON.stringify(skipped), JSON.stringify(readers)],
  );
}

/** How many contacts the list holds; 0 where there is none. Of a segment how many have to be looked at, as far as `most`. */
export async function sizeToLookAt(
  unit: Unit,
  { audience: { listId, contactId, segmentId } }: Distribution,
  most: number,
): Promise<number> {
  if (segmentId !== null) {
    const counted = 'SELECT count(*)::int AS n FROM (SELECT FROM contacts LIMIT $1) looked';
    return (await unit.one<{ n: number }>(counted, [most])).n;
  }
  const [list] =
    listId === null || contactId !== null
      ? []
      : await unit.sql<{ n: number }>('SELECT contact_count AS n FROM contact_lists WHERE id = $1', [listId]);
  return list?.n ?? 0;
}
