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

export async function isFull(unit: Unit, messageId: string): Promise<boolean> {
  const { full } = await unit.one<{ full: boolean }>(
    `SELECT EXISTS (SELECT FROM inbound_mails WHERE state = 'stored' ORDER BY brand_id, id OFFSET ${MOST_UNREAD} LIMIT 1)
         OR (SELECT count(*) FROM inbound_mails WHERE message_id = $1) >= ${MOST_A_MESSAGE} AS full`,
    [messageId],
  );
  return full;
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

export async function insertStray(unit: Unit, mail: Arrived): Promise<void> {
  const { sourceKey, sender, recipient, raw, receivedAt } = mail;
  await unit.run(
    `INSERT INTO stray_mails (source_key, sender, recipient, raw, received_at) VALUES ($1, $2, $3, $4, $5)
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
      withoutNul(JSON.stringify({ ...findings, kind: undefined })),
      withoutNul(from),
      withoutNul(subject),
      excerpt,
      now,
    ],
  );
}

function withoutNul(text: string): string {
  return text.replaceAll('\0', '').replaceAll(String.raw`\u0000`, '');
}
