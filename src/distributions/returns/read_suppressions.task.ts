import { asWritten } from '../../platform/csv_cells.js';
import { wireAddress } from '../../platform/email_address.js';
import { trimmed } from '../../platform/invisible.js';
import { utf16Of } from '../../platform/text_encoding.js';
import { writtenAddress } from '../../platform/written_address.js';

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
 * Reads the first address of each row of a CSV file, or one address a line, also with its name. UTF-8 and UTF-16 are known
 * apart; of others only the ASCII matters. Lines beyond the 200,000th are left out.
 */
export function readSuppressions(content: Uint8Array): ReadSuppressions {
  const addresses = new Set<string>();
  let refused = 0;
  const lines = new TextDecoder(utf16Of(content) ?? 'utf-8').decode(content).split(/\r\n|\r|\n/, MOST_LINES);
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
