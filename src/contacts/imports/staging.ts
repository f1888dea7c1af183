import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import { from as copyFrom } from 'pg-copy-streams';
import type { Unit } from '../../platform/db/database.js';
import type { ImportRow, Reject } from './row_reading.js';

const COPY = `COPY contact_import_staging (import_id, line, contact_id, first_name, last_name, email, phone, ext_ref,
  language, time_zone, unsubscribed, list_unsubscribed, embedded, list_embedded) FROM STDIN`;
const NULL = '\\N';
const MAX_REASON_VALUE = 500;
const BATCH_BYTES = 1_000_000;
const BATCH_REJECTS = 500;
const ROW_BYTES = 64 * 1024;
/** Bytes of one UTF-16 unit in UTF-8, at most. */
const MAX_UTF8 = 3;

/**
 * Rows that were read and wait for their transaction. They are written into one buffer at once and the buffer is used
 * again: kept as thousands of strings they would outlive the young heap and the process would grow to several hundred MB.
 */
export class Batch {
  private buffer = Buffer.allocUnsafe(BATCH_BYTES + ROW_BYTES);
  private end = 0;
  rejects: Reject[] = [];
  rows = 0;
  /** How far the file was read when the batch was closed. */
  bytesRead = 0;

  constructor(private readonly importId: string) {}

  add(row: ImportRow): void {
    const line = copyLine(this.importId, row);
    this.makeRoom(line.length * MAX_UTF8);
    this.end += this.buffer.write(line, this.end);
    this.rows += 1;
  }

  reject(row: Reject): void {
    this.rejects.push(row);
    this.rows += 1;
  }

  /** Big enough to be worth a round trip, small enough to be forgotten. */
  get isFull(): boolean {
    return this.end >= BATCH_BYTES || this.rejects.length >= BATCH_REJECTS;
  }

  /** Writes the batch in the unit's transaction. */
  async write(unit: Unit, brandId: string): Promise<void> {
    if (this.end > 0) {
      await pipeline(Readable.from([this.buffer.subarray(0, this.end)]), unit.client.query(copyFrom(COPY)));
    }
    if (this.rejects.length > 0) {
      await this.writeRejects(unit, brandId);
    }
  }

  clear(): void {
    this.end = 0;
    this.rejects = [];
    this.rows = 0;
  }

  private makeRoom(bytes: number): void {
    if (this.end + bytes > this.buffer.length) {
      const larger = Buffer.allocUnsafe(this.end + bytes);
      this.buffer.copy(larger, 0, 0, this.end);
      this.buffer = larger;
    }
  }

  private async writeRejects(unit: Unit, brandId: string): Promise<void> {
    const rejects = this.rejects.map(({ line, column, reason, value, cells }) => ({
      line,
      column: storable(column),
      reason,
      value: storable(value.slice(0, MAX_REASON_VALUE)),
      cells: cells.slice(0, 250).map(storable),
    }));
    await unit.sql(
      `INSERT INTO contact_import_rejects (brand_id, import_id, line, kind, column_name, reason, value, cells)
       SELECT $1, $2, (r->>'line')::int, 'invalid', r->>'column', r->>'reason', r->>'value',
              ARRAY(SELECT jsonb_array_elements_text(r->'cells'))
       FROM jsonb_array_elements($3::jsonb) AS r`,
      [brandId, this.importId, JSON.stringify(rejects)],
    );
  }
}

function copyLine(importId: string, row: ImportRow): string {
  const { line, contactId, firstName, lastName, email, phone, extRef, language, timeZone } = row;
  const texts = `${escaped(firstName)}\t${escaped(lastName)}\t${escaped(email)}\t${phone}\t${escaped(extRef)}`;
  const flags = `${row.unsubscribed ? 't' : 'f'}\t${row.listUnsubscribed ? 't' : 'f'}`;
  const named = `${embedded(row.embedded)}\t${embedded(row.listEmbedded)}`;
  return `${importId}\t${line}\t${contactId ?? NULL}\t${texts}\t${language}\t${timeZone}\t${flags}\t${named}\n`;
}

function embedded(pairs: [string, string][]): string {
  return pairs.length === 0
    ? NULL
    : escaped(`{${pairs.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(',')}}`);
}

const SPECIAL = /[\\\n\r\t]/g;
const ESCAPES: Record<string, string> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** As COPY's text format wants it. */
function escaped(text: string): string {
  return text.replace(SPECIAL, (character) => ESCAPES[character]!);
}

/** PostgreSQL keeps no NUL; its picture shows where one was. */
function storable(text: string): string {
  return text.replaceAll('\0', '␀').toWellFormed();
}
