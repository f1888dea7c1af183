import type { Unit } from '../platform/db/database.js';
import type { VerpPurpose } from '../mailer/verp.js';
import type { ReturnedMail } from './reading/returned_mail.js';

/** A mail as it came in. */
export interface Arrived {
  addressed: VerpPurpose;
  messageId: string;
  source: 'smtp' | 'imap';
  sourceKey: string;
  sender: string;
  recipient: string;
  raw: Buffer;
  receivedAt: Date;
}

/** Mails that nobody has read yet; more than that have to wait outside. */
const MOST_UNREAD = 10_000;
/** Of mails about messages that are gone so many are kept, and the start of each. */
const MOST_STRAYS = 1000;
const STRAY_BYTES = 32_768;

/** Too many mails that nobody has read yet: there is room again when they are. */
export async function isFull(unit: Unit): Promise<boolean> {
  const { full } = await unit.one<{ full: boolean }>(
    `SELECT EXISTS (SELECT FROM inbound_mails WHERE state = 'stored' ORDER BY brand_id, id OFFSET ${MOST_UNREAD} LIMIT 1) AS full`,
  );
  return full;
}

/** @returns its id; undefined for a mail that was handed over before: it is kept once */
export async function insertMail(unit: Unit, brandId: string, mail: Arrived): Promise<string | undefined> {
  const { messageId, addressed, source, sourceKey, sender, recipient, raw, receivedAt } = mail;
  const [row] = await unit.sql<{ id: string }>(
    `INSERT INTO inbound_mails (brand_id, message_id, addressed, source, source_key, sender, recipient, raw, received_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (brand_id, source_key) DO NOTHING RETURNING id`,
    [brandId, messageId, addressed, source, sourceKey, sender, recipient, raw, receivedAt],
  );
  return row?.id;
}

/** Nothing where there are enough of them already. */
export async function insertStray(unit: Unit, mail: Arrived): Promise<void> {
  const { sourceKey, sender, recipient, raw, receivedAt } = mail;
  await unit.run(
    `INSERT INTO stray_mails (source_key, sender, recipient, raw, received_at)
     SELECT $1, $2, $3, $4, $5 WHERE (SELECT count(*) FROM stray_mails) < ${MOST_STRAYS}
     ON CONFLICT (source_key) DO NOTHING`,
    [sourceKey, sender, recipient, raw.subarray(0, STRAY_BYTES), receivedAt],
  );
}

export interface UnreadMail {
  id: string;
  addressed: VerpPurpose;
  sender: string;
  raw: Buffer;
  receivedAt: Date;
}

export function unreadMails(unit: Unit, most: number): Promise<UnreadMail[]> {
  return unit.sql<UnreadMail>(
    `SELECT id, addressed, sender, raw, received_at AS "receivedAt" FROM inbound_mails WHERE state = 'stored' ORDER BY brand_id, id LIMIT $1
     FOR UPDATE SKIP LOCKED`,
    [most],
  );
}

/** What was found in a mail, and what stays of it. */
export async function writeRead(
  unit: Unit,
  { id, kind, essence }: { id: string; kind: string; essence: Buffer },
  mail: ReturnedMail,
  now: Date,
): Promise<void> {
  const { from, subject, excerpt, ...findings } = mail;
  await unit.run(
    `UPDATE inbound_mails SET state = 'read', kind = $2, findings = $3, from_address = $4, subject = $5, excerpt = $6, read_at = $7,
       raw = CASE WHEN octet_length(raw) = octet_length($8::bytea) THEN raw ELSE $8 END
     WHERE id = $1`,
    [
      id,
      kind,
      JSON.stringify({ ...findings, kind: undefined }, (_key, value: unknown) => storable(value)),
      storable(from),
      storable(subject),
      storable(excerpt),
      now,
      essence,
    ],
  );
}

/** PostgreSQL takes neither NUL nor half characters, which cutting texts leaves behind: one such mail would stop all. */
function storable<T>(value: T): T | string {
  return typeof value === 'string' ? value.replaceAll('\0', '').toWellFormed() : value;
}
