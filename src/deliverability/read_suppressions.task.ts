import { asWritten } from '../platform/csv_cells.js';
import { textOf } from '../encodings/found_encoding.js';
import { wireAddress } from '../platform/email_address.js';
import { trimmed } from '../platform/foreign/invisible.js';
import { writtenAddress } from '../platform/written_address.js';

const MOST_LINES = 200_000;

/** A file of addresses as it was read. */
export interface ReadSuppressions {
  /** Each address once, one a line. */
  addresses: string;
  /** Lines that are none. */
  refused: number;
}

const MOST_CHARACTERS = 2000;

/**
 * Reads the first address of each row of a CSV file, or one address a line, also with its name, in any encoding. Lines beyond the 200,000th are left out.
 */
export async function readSuppressions(content: Uint8Array): Promise<ReadSuppressions> {
  const addresses = new Set<string>();
  let refused = 0;
  const { text } = await textOf(content);
  const lines = text.split(/\r\n|\r|\n/, MOST_LINES);
  for (const [place, whole] of lines.entries()) {
    const line = trimmed(whole.slice(0, MOST_CHARACTERS));
    const address = addressIn(line);
    if (address !== undefined) {
      addresses.add(address);
    } else if (/[^\s,;|"']/.test(line) && !(place === 0 && SEPARATOR.test(line)) && !HEADER.test(line)) {
      refused += 1;
    }
  }
  return { addresses: [...addresses].join('\n'), refused };
}

/** What spreadsheets write in front of all rows. */
const SEPARATOR = /^"?sep=/i;
const HEADER = /^(?:.*[,;\t|]\s*)?["']?(?:e-?mail[ _-]?(?:address)?|address)["']?\s*(?:[,;\t|]|$)/i;
const CELL = /"(?:[^"]|"")*"|[^,;\t|"]+/g;

/** The whole line, where a name with commas may stand beside the address, or its first cell that is one. */
function addressIn(line: string): string | undefined {
  for (const cell of [line, ...(line.match(CELL) ?? [])]) {
    const written = trimmed(cell).replace(/^"(.*)"$/, (_, inner: string) => inner.replaceAll('""', '"'));
    const address = wireAddress(writtenAddress(asWritten(written)).address);
    if (address !== undefined) {
      return address;
    }
  }
  return undefined;
}
