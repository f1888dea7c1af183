import { isUtf8 } from 'node:buffer';
import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { CsvError, type Options, parse } from 'csv-parse';
import { Invalid } from '../../platform/errors.js';
import { QuoteBlanks } from './quote_blanks.js';

export const ENCODINGS = ['utf-8', 'utf-16le', 'utf-16be', 'windows-1252'] as const;
export const DELIMITERS = [',', ';', '\t', '|'] as const;
export const QUOTES = ['"', "'", ''] as const;

export type Encoding = (typeof ENCODINGS)[number];
export type Delimiter = (typeof DELIMITERS)[number];
export type Quote = (typeof QUOTES)[number];

/** How a file has to be read. */
export interface Dialect {
  encoding: Encoding;
  delimiter: Delimiter;
  quote: Quote;
}

/** One record and the line of the file that it begins in. */
export interface Row {
  line: number;
  cells: string[];
}

export const MAX_LINE_BYTES = 1_000_000;
/** So many blank lines in a row are no list of people, and reading on to where one may begin again takes minutes. */
const MOST_BLANK_LINES = 100_000;
const CHUNK_BYTES = 64 * 1024;
/** Read at a stretch, before others have their turn: thousands of rows where each is a byte long. */
const PIECE_BYTES = 8 * 1024;
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/** How far a file was read. */
export interface Reading {
  bytes: number;
}

/**
 * A file piece by piece in UTF-8, without a byte-order mark. Pieces of UTF-8 files are passed on as they are read: turned
 * into text and back they would cost twice the memory.
 * @throws {Invalid} from which line on the file is not in that encoding
 */
export async function* utf8Of(
  path: string,
  encoding: Encoding,
  reading: Reading = { bytes: 0 },
): AsyncGenerator<Buffer> {
  const next = encoding === 'utf-8' ? utf8Check() : transcoder(encoding);
  for await (const chunk of createReadStream(path, { highWaterMark: CHUNK_BYTES }) as AsyncIterable<Buffer>) {
    yield await orInvalid(() => next(chunk), path, encoding, reading);
    reading.bytes += chunk.length;
  }
  yield await orInvalid(() => next(undefined), path, encoding, reading);
}

type Transcode = (chunk: Buffer | undefined) => Buffer;

function transcoder(encoding: Encoding): Transcode {
  const decoder = new TextDecoder(encoding, { fatal: true });
  return (chunk) => Buffer.from(decoder.decode(chunk, { stream: chunk !== undefined }));
}

/** Passes chunks on up to their last whole character; the rest waits for the next chunk. */
function utf8Check(): Transcode {
  let rest = Buffer.alloc(0);
  let isFirst = true;
  return (chunk) => {
    const all = rest.length === 0 ? (chunk ?? rest) : Buffer.concat([rest, chunk ?? Buffer.alloc(0)]);
    const end = chunk === undefined ? all.length : lastWhole(all);
    const start = isFirst && all.subarray(0, 3).equals(BYTE_ORDER_MARK) ? 3 : 0;
    const whole = all.subarray(start, end);
    rest = Buffer.from(all.subarray(end));
    isFirst = isFirst && all.length < 3;
    if (!isUtf8(whole)) {
      throw new TypeError('not UTF-8');
    }
    return whole;
  };
}

/** Where the last character begins that may go on in the next chunk. */
function lastWhole(chunk: Buffer): number {
  for (let back = 1; back <= Math.min(3, chunk.length); back += 1) {
    const byte = chunk[chunk.length - back]!;
    if (byte >= 0xc0) {
      const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return length > back ? chunk.length - back : chunk.length;
    }
    if (byte < 0x80) {
      return chunk.length;
    }
  }
  return chunk.length;
}

/** Pieces of a file that are small enough to be read at a stretch. */
async function* piecesOf(chunks: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) {
    for (let from = 0; from < chunk.length; from += PIECE_BYTES) {
      yield chunk.subarray(from, from + PIECE_BYTES);
      await setImmediate();
    }
  }
}

async function* tidied(chunks: AsyncGenerator<Buffer>, dialect: Dialect): AsyncGenerator<Buffer> {
  const blanks = new QuoteBlanks(dialect);
  for await (const chunk of chunks) {
    yield dialect.quote === '' ? chunk : blanks.next(chunk);
  }
  yield blanks.next(undefined);
}

/** The rows of a CSV file in flat memory; blank lines and a first line `sep=;` are left out. @throws {Invalid} where it is no CSV, naming the line */
export async function* rowsOf(path: string, dialect: Dialect, reading?: Reading): AsyncGenerator<Row> {
  const parser = parse(parserOptions(dialect));
  const text = Readable.from(piecesOf(tidied(utf8Of(path, dialect.encoding, reading), dialect)));
  text.on('error', (error) => parser.destroy(error));
  text.pipe(parser);
  let line = 1;
  let blank = 0;
  try {
    for await (const cells of parser as AsyncIterable<string[]>) {
      blank = cells.length > 1 || cells[0] !== '' ? 0 : blank + 1;
      if (blank > MOST_BLANK_LINES) {
        const most = MOST_BLANK_LINES.toLocaleString('en');
        throw new Invalid(`Line ${line.toLocaleString('en')}: more than ${most} blank lines in a row. Take them out.`);
      }
      if (blank === 0 && !(line === 1 && isSeparatorLine(cells))) {
        yield { line, cells };
      }
      line += 1 + lineBreaksIn(cells);
    }
  } catch (error) {
    throw error instanceof CsvError ? new Invalid(wordsFor(error, line)) : error;
  } finally {
    text.destroy();
  }
}

/** `sep=;` tells spreadsheets what stands between cells. They write it quoted too, and fill its row up. */
function isSeparatorLine([first = '', ...others]: string[]): boolean {
  return /^["']?sep=(?:\\t|.)?["']?$/i.test(first.trim()) && others.every((cell) => /^["']?$/.test(cell.trim()));
}

function parserOptions({ delimiter, quote }: Omit<Dialect, 'encoding'>): Options {
  return {
    delimiter,
    quote: quote === '' ? false : quote,
    escape: quote === '' ? null : quote,
    // All three at once: files that were edited on several systems mix them.
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    relax_quotes: true,
    // Blanks before a quote; those behind one are taken out on the way here.
    ltrim: true,
    max_record_size: MAX_LINE_BYTES,
  };
}

async function orInvalid<T>(read: () => T, path: string, encoding: Encoding, reading: Reading): Promise<T> {
  try {
    return read();
  } catch {
    const line = await linesUpTo(path, reading.bytes);
    throw new Invalid(`From line ${line} on this file is not in ${encodingName(encoding)}. Choose another encoding.`);
  }
}

/** What people call an encoding. */
export function encodingName(encoding: Encoding): string {
  const names = {
    'utf-8': 'UTF-8',
    'utf-16le': 'UTF-16 LE',
    'utf-16be': 'UTF-16 BE',
    'windows-1252': 'Windows-1252 (Latin-1)',
  };
  return names[encoding];
}

/** Counted only when something is wrong: looking for line ends in every chunk would cost all good files. */
async function linesUpTo(path: string, end: number): Promise<number> {
  let lines = 1;
  if (end > 0) {
    for await (const chunk of createReadStream(path, { end: end - 1 }) as AsyncIterable<Buffer>) {
      lines += chunk.filter((byte) => byte === 0x0a).length;
    }
  }
  return lines;
}

function lineBreaksIn(cells: string[]): number {
  let breaks = 0;
  for (const cell of cells) {
    if (cell.includes('\n') || cell.includes('\r')) {
      for (let at = 0; at < cell.length; at += 1) {
        const isBreak = cell[at] === '\n' || (cell[at] === '\r' && cell[at + 1] !== '\n');
        breaks += isBreak ? 1 : 0;
      }
    }
  }
  return breaks;
}

function wordsFor(error: CsvError, line: number): string {
  if (error.code === 'CSV_QUOTE_NOT_CLOSED') {
    return `Line ${line}: a quote opens here and is never closed. Close it, or remove it.`;
  }
  if (error.code === 'CSV_MAX_RECORD_SIZE') {
    return `Line ${line} is longer than 1 MB. Perhaps a quote opens here and is never closed.`;
  }
  return `Line ${line}: this cannot be read as CSV (${error.message}).`;
}
