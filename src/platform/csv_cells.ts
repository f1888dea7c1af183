/** Starts of a cell that spreadsheets take for a formula, also after quotes that we put there ourselves. */
const FORMULA = /^'*[=+\-@\t\r＝＋－＠]/;
const NUMBER = /^[+-]?(?:\d{1,20}(?:[.,]\d{1,20})?|\d{1,3}(?:,\d{3}){1,6}(?:\.\d{1,20})?)%?$/;
const QUOTED_FORMULA = /^'+[=+\-@\t\r＝＋－＠]/;

/** Text for a file that people open in a spreadsheet: no formula runs; numbers and E.164 phone numbers stay as they are. */
export function neutral(text: string): string {
  return FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text;
}

/** Takes off what `neutral` put on. */
export function asWritten(cell: string): string {
  return cell.startsWith("'") && QUOTED_FORMULA.test(cell) ? cell.slice(1) : cell;
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
