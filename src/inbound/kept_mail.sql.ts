import type { Unit } from '../platform/db/database.js';
import { withoutTokens } from './reading/own_traces.js';

/** A mail as far as it is kept, without tokens of ours; empty where its words were removed. */
export interface KeptMail {
  from: string;
  subject: string;
  receivedAt: Date;
  raw: Buffer;
  /** Whether all that came is there, as far as anybody knows. */
  isWhole: boolean;
}

const CUT = [32_768, 262_144];

export async function keptMail(unit: Unit, id: string): Promise<KeptMail | undefined> {
  const [row] = await unit.sql<Omit<KeptMail, 'isWhole'>>(
    'SELECT from_address AS "from", subject, received_at AS "receivedAt", raw FROM inbound_mails WHERE id = $1',
    [id],
  );
  if (row === undefined) {
    return undefined;
  }
  const raw = Buffer.from(row.raw);
  const isWhole = !CUT.includes(raw.length) && !raw.includes('\r\n\r\n[message/');
  return { ...row, raw: Buffer.from(withoutTokens(raw.toString('latin1')).replaceAll('…', '...'), 'latin1'), isWhole };
}
