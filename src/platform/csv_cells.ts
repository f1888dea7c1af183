/** Starts of a cell that spreadsheets take for a formula, also after quotes that we put there ourselves. */
const FORMULA = /^'*[=+\-@\t\r＝＋－＠]/;
const NUMBER = /^[+-]?(?:\d{1,20}(?:[.,]\d{1,20})?|\d{1,3}(?:,\d{3}){1,6}(?:\.\d{1,20})?)%?$/;
const QUOTED_FORMULA = /^'+[=+\-@\t\r＝＋－＠]/;

/**
 * Where a spreadsheet set to another separator, or one that reads no quotes, begins a cell in the middle of ours; quotes
 * before the formula would be taken off there.
 */
const INNER_START = /([;\t\r\n|])(['"]*[=+\-@＝＋－＠])([^;\t\r\n|]*)/g;
const INNER_QUOTED = /([;\t\r\n|])'(['"]*[=+\-@＝＋－＠])/g;

/** A line of an answer as people write lists: it calls and computes nothing. */
const LIST_ITEM = /^- [^|(!&=+*/]*$/;

/**
 * Text for a file that people open in a spreadsheet: no formula runs, whatever separates cells there; numbers and E.164
 * phone numbers stay as they are.
 */
export function neutral(text: string): string {
  const inside = text.replaceAll(INNER_START, (written: string, separator: string, start: string, rest: string) =>
    NUMBER.test(start + rest) || LIST_ITEM.test(start + rest) ? written : `${separator}'${start}${rest}`,
  );
  return FORMULA.test(text) && !NUMBER.test(text) ? `'${inside}` : inside;
}

/** Takes off what `neutral` put on. */
export function asWritten(cell: string): string {
  const outside = cell.startsWith("'") && QUOTED_FORMULA.test(cell) ? cell.slice(1) : cell;
  return outside.replaceAll(INNER_QUOTED, '$1$2');
}

/** One line of a CSV file as pages hand it out (RFC 4180, every cell neutral). */
export function csvLine(cells: readonly string[]): string {
  return `${cells.map((cell) => quoted(neutral(cell))).join(',')}\r\n`;
}

function quoted(cell: string): string {
  return /[",\r\n]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

/** Spreadsheets of some makes take UTF-8 only for what it is when this stands in front. Files for programs have none. */
export const BYTE_ORDER_MARK = '\uFEFF';

/** The pieces of a text file that people open in a spreadsheet. The mark goes out with the first piece: what fails before it is still a page. */
export async function* forSpreadsheets(pieces: AsyncIterable<string>): AsyncGenerator<string> {
  let mark = BYTE_ORDER_MARK;
  for await (const piece of pieces) {
    yield mark + piece;
    mark = '';
  }
}
