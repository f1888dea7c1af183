import { open } from 'node:fs/promises';
import type { Encoding } from '../../../encodings/encodings.js';
import { utf8Of } from '../../../encodings/file_text.js';
import { encodingOfFile } from '../../../encodings/found_encoding.js';
import { Invalid } from '../../../platform/errors.js';
import { foreignFile } from '../../../platform/foreign/foreign_file.js';
import { wireAddress } from '../../../platform/email_address.js';
import { plainHeading, trimmed } from '../../../platform/foreign/invisible.js';
import { writtenAddress } from '../../../platform/written_address.js';
import { DELIMITERS, type Delimiter, type Dialect, type Quote, rowsOf, type Row } from './csv_rows.js';
import { filledCells } from '../row_reading.js';

/** How a file is read and what its columns are called. */
export interface FileShape extends Dialect {
  hasHeader: boolean;
  columns: string[];
  /** Bytes that are not UTF-8, whatever the file is read as. */
  strays?: number;
}

export const MAX_COLUMNS = 250;
const SAMPLE_BYTES = 64 * 1024;
const SAMPLE_ROWS = 30;
/** Characters of rows that are looked at before an import; with longer ones there are fewer. */
const SAMPLE_CHARACTERS = 1_000_000;

/**
 * Finds out how a file is written.
 * @throws {Invalid} for what is no CSV at all, or has too many columns
 */
export async function shapeOf(path: string): Promise<FileShape> {
  const head = await headOf(path);
  refuseForeign(head);
  const { encoding, strays } = await encodingOfFile(path);
  const dialect = { encoding, strays, ...(await writingOf(path, encoding)) };
  const [first] = await firstRows(path, dialect, 1);
  return withColumns(path, { ...dialect, hasHeader: first === undefined || !first.cells.some(isContactValue) });
}

/** The same with the names of its columns, read anew. @throws {Invalid} */
export async function withColumns(path: string, shape: Omit<FileShape, 'columns'>): Promise<FileShape> {
  const rows = await firstRows(path, shape, SAMPLE_ROWS);
  const [first, second] = rows;
  if (first === undefined) {
    throw new Invalid('This file is empty.');
  }
  if (rows.every(({ cells }) => filledCells(cells) === 0)) {
    throw new Invalid('The first rows of this file hold nothing. Take them out, or choose another file.');
  }
  if (shape.hasHeader && second === undefined) {
    throw new Invalid(`This file has only its header: there are no rows below line ${first.line}.`);
  }
  const width = widthOf(rows, shape.hasHeader);
  if (width > MAX_COLUMNS) {
    throw new Invalid(`Line ${first.line} has ${width} columns; ${MAX_COLUMNS} are possible at most.`);
  }
  const columns = Array.from({ length: width }, (_, place) => {
    const title = shape.hasHeader ? plainHeading(first.cells[place] ?? '') : '';
    return title === '' ? `Column ${place + 1}` : title;
  });
  return { ...shape, columns };
}

/** Untitled columns at the end that hold nothing are padding; without a header the widest row says how many there are. */
function widthOf([first, ...others]: Row[], hasHeader: boolean): number {
  const header = first?.cells ?? [];
  if (!hasHeader) {
    return Math.max(header.length, ...others.map(({ cells }) => cells.length));
  }
  const filled = Math.max(1, ...[header, ...others.map(({ cells }) => cells)].map(filledCells));
  return Math.min(filled, header.length);
}

/** The first rows of a file, as they are written. */
export async function firstRows(path: string, dialect: Dialect, count: number): Promise<Row[]> {
  const rows: Row[] = [];
  let characters = 0;
  for await (const row of rowsOf(path, dialect)) {
    rows.push(row);
    characters += lengthOf(row);
    if (rows.length === count || (rows.length > 1 && characters > SAMPLE_CHARACTERS)) {
      break;
    }
  }
  return rows;
}

/** Characters of a row, with what parts its cells. */
function lengthOf({ cells }: Row): number {
  return cells.reduce((sum, { length }) => sum + length + 1, 0);
}

async function headOf(path: string): Promise<Buffer> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4096), 0, 4096, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

function refuseForeign(head: Buffer): void {
  if (head.length === 0) {
    throw new Invalid('This file is empty.');
  }
  const why = foreignFile(head);
  if (why !== undefined) {
    throw new Invalid(why);
  }
}

async function beginning(path: string, encoding: Encoding): Promise<string> {
  let text = '';
  for await (const piece of utf8Of(path, encoding, { bytes: 0, strays: 0 })) {
    text += piece.toString();
    if (text.length >= SAMPLE_BYTES) {
      break;
    }
  }
  return text;
}

/** The delimiter that makes the widest regular table of the first rows, and the quote that encloses its cells. */
async function writingOf(path: string, encoding: Encoding): Promise<{ delimiter: Delimiter; quote: Quote }> {
  const sample = await beginning(path, encoding);
  const quote = quoteOf(sample);
  const said = separatorOf(sample);
  let best: { delimiter: Delimiter; score: number } = { delimiter: said ?? ',', score: 0 };
  for (const delimiter of DELIMITERS) {
    const score = regularity(await widthsOf(path, { encoding, delimiter, quote }));
    if (delimiter === said && score > 0) {
      return { delimiter, quote };
    }
    best = score > best.score ? { delimiter, score } : best;
  }
  return { delimiter: best.delimiter, quote };
}

/** What the first line says that stands between cells. */
function separatorOf(sample: string): Delimiter | undefined {
  const said = /^\s*["']?sep=(\\t|.)/i.exec(sample)?.[1]?.replace('\\t', '\t');
  return DELIMITERS.find((delimiter) => delimiter === said);
}

function quoteOf(sample: string): Quote {
  const isSingle = !sample.includes('"') && /(?:^|[,;\t|\n]) ?'[^'\n]*' ?(?:[,;\t|\r\n]|$)/.test(sample);
  return isSingle ? "'" : '"';
}

/** How many columns the table has, times the part of its rows that agree. */
function regularity(widths: number[]): number {
  const width = widths[0] ?? 1;
  const agreeing = widths.filter((other) => other === width).length;
  return width === 1 ? 0 : (width * agreeing) / widths.length;
}

/** Up to where the rows can be read: a wrong delimiter, or a mistake of the file, must not end the detection. */
async function widthsOf(path: string, dialect: Dialect): Promise<number[]> {
  const widths: number[] = [];
  let characters = 0;
  try {
    for await (const row of rowsOf(path, dialect)) {
      widths.push(row.cells.length);
      characters += lengthOf(row);
      if (widths.length === SAMPLE_ROWS || characters > SAMPLE_CHARACTERS) {
        break;
      }
    }
  } catch (error) {
    if (!(error instanceof Invalid)) {
      throw error;
    }
  }
  return widths;
}

/** Headers hold words; a first row with somebody's address is a row already. */
function isContactValue(cell: string): boolean {
  return wireAddress(writtenAddress(cell).address) !== undefined || /^\+\d{8,15}$/.test(trimmed(cell));
}
