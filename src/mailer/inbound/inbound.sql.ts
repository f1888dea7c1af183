import type { Unit } from '../../platform/db/database.js';
import type { VerpPurpose } from '../verp.js';
import type { ReturnedMail } from './returned_mail.js';

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
/** Nobody needs more mails about one message; whoever has learnt its address can't fill the database. */
const MOST_A_MESSAGE = 100;
/** The same for messages that are gone. */
const MOST_STRAYS = 1000;

/** Too many mails that nobody has read yet: there is room again when they are. */
export async function isFull(unit: Unit): Promise<boolean> {
  const { full } = await unit.one<{ full: boolean }>(
    `SELECT EXISTS (SELECT FROM inbound_mails WHERE state = 'stored' ORDER BY brand_id, id OFFSET ${MOST_UNREAD} LIMIT 1) AS full`,
  );
  return full;
}

/** Enough was said about this message: no more will be taken. */
export async function isToldEnough(unit: Unit, messageId: string): Promise<boolean> {
  const { n } = await unit.one<{ n: number }>('SELECT count(*)::int AS n FROM inbound_mails WHERE message_id = $1', [
    messageId,
  ]);
  return n >= MOST_A_MESSAGE;
}

/** @returns whether it is new: a mail that was handed over before is kept once */
export async function insertMail(unit: Unit, brandId: string, mail: Arrived): Promise<boolean> {
  const { messageId, addressed, source, sourceKey, sender, recipient, raw, receivedAt } = mail;
  const n = await unit.run(
    `INSERT INTO inbound_mails (brand_id, message_id, addressed, source, source_key, sender, recipient, raw, received_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (brand_id, source_key) DO NOTHING`,
    [brandId, messageId, addressed, source, sourceKey, sender, recipient, raw, receivedAt],
  );
  return n > 0;
}

/** Nothing where there are enough of them already. */
export async function insertStray(unit: Unit, mail: Arrived): Promise<void> {
  const { sourceKey, sender, recipient, raw, receivedAt } = mail;
  await unit.run(
    `INSERT INTO stray_mails (source_key, sender, recipient, raw, received_at)
     SELECT $1, $2, $3, $4, $5 WHERE (SELECT count(*) FROM stray_mails) < ${MOST_STRAYS}
     ON CONFLICT (source_key) DO NOTHING`,
    [sourceKey, sender, recipient, raw, receivedAt],
  );
}

export interface UnreadMail {
  id: string;
  addressed: VerpPurpose;
  sender: string;
  raw: Buffer;
}

export function unreadMails(unit: Unit, most: number): Promise<UnreadMail[]> {
  return unit.sql<UnreadMail>(
    `SELECT id, addressed, sender, raw FROM inbound_mails WHERE state = 'stored' ORDER BY brand_id, id LIMIT $1
     FOR UPDATE SKIP LOCKED`,
    [most],
  );
}

export async function writeRead(unit: Unit, id: string, kind: string, mail: ReturnedMail, now: Date): Promise<void> {
  const { from, subject, excerpt, ...findings } = mail;
  await unit.run(
    `UPDATE inbound_mails SET state = 'read', kind = $2, findings = $3, from_address = $4, subject = $5, excerpt = $6, read_at = $7
     WHERE id = $1`,
    [
      id,
      kind,
      JSON.stringify({ ...findings, kind: undefined }, (_key, value: unknown) => storable(value)),
      storable(from),
      storable(subject),
      storable(excerpt),
      now,
    ],
  );
}

/** PostgreSQL takes neither NUL nor half characters, which cutting texts leaves behind: one such mail would stop all. */
function storable<T>(value: T): T | string {
  return typeof value === 'string' ? value.replaceAll('\0', '').toWellFormed() : value;
}
