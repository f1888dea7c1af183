import type { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { StringDecoder } from 'node:string_decoder';
import pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import type { Unit } from '../../platform/db/database.js';
import type { WalkState } from '../../engine/page.js';
import type { ResponseRow, Selection } from './response_rows.js';

/** A time in milliseconds: parsing three times a row from text took longer than everything else about a row's facts. */
const ms = (column: string): string => `round(date_part('epoch', ${column}) * 1000)`;

/** The facts of a response as one list; the order is that of `rowOf`. */
const LIST = `json_build_array(r.id::text, r.link_id IS NOT NULL, r.version_id::text, r.channel, r.source, r.status, r.finished,
  r.progress, r.language, r.device, ${ms('r.started_at')}, ${ms('r.ended_at')}, ${ms('r.recorded_at')}, r.duration_seconds,
  r.answers, r.embedded, r.person`;

const WALKS = 'LEFT JOIN sessions s ON s.brand_id = r.brand_id AND s.id = r.session_id';

/**
 * The responses of a survey as PostgreSQL sends them, one JSON list a line: rows of a result would all be objects in memory
 * before the first is written. Quote and delimiter are characters that JSON never holds as they are, so no cell is quoted.
 * COPY takes no parameters; what stands in it are numbers and times that were read as such.
 * @param versionIds responses of other versions, published since, belong to the next export
 */
export function copyOfResponses(unit: Unit, wish: Selection, versionIds: readonly string[]): Readable {
  const known = versionIds.length === 0 ? 'false' : `r.version_id IN (${versionIds.map(digits).join(', ')})`;
  const from = wish.recordedFrom === null ? '' : `AND r.recorded_at >= ${instant(wish.recordedFrom)}`;
  const until = wish.recordedUntil === null ? '' : `AND r.recorded_at < ${instant(wish.recordedUntil)}`;
  const limit = wish.limit === null ? '' : `LIMIT ${digits(String(wish.limit))}`;
  return unit.client.query(
    copyTo(`COPY (SELECT ${LIST}, ${wish.withWalks ? 's.walk' : 'NULL'}) FROM responses r ${wish.withWalks ? WALKS : ''} WHERE r.survey_id = ${digits(wish.surveyId)} AND ${known} ${from} ${until}
      ORDER BY r.id ${limit}) TO STDOUT (FORMAT csv, DELIMITER e'\\x02', QUOTE e'\\x01')`),
  );
}

/**
 * Reads a copy to its end, also where the work with it fails half way: a connection answers nothing else before, not even
 * the end of its transaction.
 */
export async function whole<T>(copied: Readable, work: (pieces: AsyncIterable<Buffer>) => Promise<T>): Promise<T> {
  let isBroken = false;
  copied.once('error', () => (isBroken = true));
  try {
    return await work(copied.iterator({ destroyOnReturn: false }));
  } finally {
    if (!copied.readableEnded && !isBroken) {
      await finished(copied.resume());
    }
  }
}

/** The rows of each piece that arrives, some dozens at a time. */
export async function* rowsIn(pieces: AsyncIterable<Buffer>): AsyncGenerator<ResponseRow[]> {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  for await (const piece of pieces) {
    const lines = (rest + decoder.write(piece)).split('\n');
    rest = lines.pop() ?? '';
    yield lines.map(rowOf);
  }
}

type Listed = [
  ...[id: string, hasLink: boolean, versionId: string, channel: string, source: string, status: number],
  ...[finished: boolean, progress: number, language: string, device: string],
  ...[startedAt: number, endedAt: number, recordedAt: number, durationSeconds: number],
  ...[
    answers: ResponseRow['answers'],
    embedded: ResponseRow['embedded'],
    person: ResponseRow['person'],
    walk: WalkState | null,
  ],
];

function rowOf(line: string): ResponseRow {
  const list = JSON.parse(line) as Listed;
  return {
    id: list[0],
    hasLink: list[1],
    versionId: list[2],
    channel: list[3],
    source: list[4],
    status: list[5],
    finished: list[6],
    progress: list[7],
    language: list[8],
    device: list[9],
    startedAt: new Date(list[10]),
    endedAt: new Date(list[11]),
    recordedAt: new Date(list[12]),
    durationSeconds: list[13],
    answers: list[14],
    embedded: list[15],
    person: list[16],
    walk: list[17],
  };
}

function digits(text: string): string {
  if (!/^\d{1,19}$/.test(text)) {
    throw new TypeError('A number of a row is a whole number');
  }
  return text;
}

function instant(text: string): string {
  return `${pg.escapeLiteral(new Date(text).toISOString())}::timestamptz`;
}
