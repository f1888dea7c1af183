import { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { CsvError, type Options, parse } from 'csv-parse';
import { type Encoding, encodingName } from '../../../encodings/encodings.js';
import { type Reading, utf8Of } from '../../../encodings/file_text.js';
import { strayIn, UNKNOWN, withoutMarks } from '../../../encodings/stray_marks.js';
import { Invalid } from '../../../platform/errors.js';
import { QuoteBlanks } from './quote_blanks.js';

export const DELIMITERS = [',', ';', '\t', '|'] as const;
export const QUOTES = ['"', "'", ''] as const;

export type Delimiter = (typeof DELIMITERS)[number];
export type Quote = (typeof QUOTES)[number];

/** How a file has to be read. */
export interface Dialect {
  encoding: Encoding;
  delimiter: Delimiter;
  quote: Quote;
}

/** One record. */
export interface Row {
  /** Its number in a spreadsheet: each record is one there, a blank one too, and several lines in a cell are none. */
  line: number;
  cells: string[];
  /** Cells with bytes that are no text in the encoding of the file; they hold � there. */
  strays?: Stray[];
}

export interface Stray {
  /** Which cell of the row. */
  place: number;
  reason: string;
}

export const MAX_LINE_BYTES = 1_000_000;
/** So many blank lines in a row are no list of people, and reading on to where one may begin again takes minutes. */
const MOST_BLANK_LINES = 100_000;
/** Read at a stretch, before others have their turn: thousands of rows where each is a byte long. */
const PIECE_BYTES = 8 * 1024;

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
export async function* rowsOf(
  path: string,
  dialect: Dialect,
  reading: Reading = { bytes: 0, strays: 0 },
): AsyncGenerator<Row> {
  const parser = parse(parserOptions(dialect));
  const text = Readable.from(piecesOf(tidied(utf8Of(path, dialect.encoding, reading), dialect)));
  text.on('error', (error) => parser.destroy(error));
  text.pipe(parser);
  const count = new RowCount();
  try {
    for await (const cells of parser as AsyncIterable<string[]>) {
      if (count.isRow(cells)) {
        const { line } = count;
        yield reading.strays === 0 ? { line, cells } : withStrays(line, cells, dialect.encoding);
      }
      count.pass(cells);
    }
  } catch (error) {
    throw error instanceof CsvError ? new Invalid(wordsFor(error, count.place)) : error;
  } finally {
    text.destroy();
  }
}

/** Counts as spreadsheets do, and as text editors do. */
class RowCount {
  line = 1;
  private lineOfFile = 1;
  private blank = 0;

  /** @throws {Invalid} where nothing but blank lines comes */
  isRow(cells: string[]): boolean {
    this.blank = cells.length > 1 || cells[0] !== '' ? 0 : this.blank + 1;
    if (this.blank > MOST_BLANK_LINES) {
      const [line, most] = [this.line.toLocaleString('en'), MOST_BLANK_LINES.toLocaleString('en')];
      throw new Invalid(`Line ${line}: more than ${most} blank lines in a row. Take them out.`);
    }
    return this.blank === 0 && !this.isSeparator(cells);
  }

  pass(cells: string[]): void {
    this.line += this.isSeparator(cells) ? 0 : 1;
    this.lineOfFile += 1 + lineBreaksIn(cells);
  }

  /** Where both differ, both. */
  get place(): string {
    return this.line === this.lineOfFile
      ? `Line ${this.line}`
      : `Line ${this.line} (${this.lineOfFile} in a text editor)`;
  }

  private isSeparator(cells: string[]): boolean {
    return this.lineOfFile === 1 && isSeparatorLine(cells);
  }
}

function withStrays(line: number, cells: string[], encoding: Encoding): Row {
  const strays = cells.flatMap((cell, place) => {
    const byte = strayIn(cell);
    return byte === undefined ? [] : { place, reason: strayWords(byte, encoding) };
  });
  return strays.length === 0 ? { line, cells } : { line, cells: cells.map(withoutMarks), strays };
}

function strayWords(byte: number, encoding: Encoding): string {
  const name = encodingName(encoding);
  return byte === UNKNOWN
    ? `holds a byte that is not ${name}; choose another encoding, or save the file again as UTF-8`
    : `holds the byte 0x${byte.toString(16).toUpperCase()}, which is not ${name}; save the file again as ${name}`;
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

function wordsFor(error: CsvError, place: string): string {
  if (error.code === 'CSV_QUOTE_NOT_CLOSED') {
    return `${place}: a quote opens here and is never closed. Close it, or remove it.`;
  }
  if (error.code === 'CSV_MAX_RECORD_SIZE') {
    return `${place} is longer than 1 MB. Perhaps a quote opens here and is never closed.`;
  }
  return `${place}: this cannot be read as CSV (${error.message}).`;
}
