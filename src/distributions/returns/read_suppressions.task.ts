import { asWritten } from '../../platform/csv_cells.js';
import { wireAddress } from '../../platform/email_address.js';

const MOST_LINES = 200_000;

/** A file of addresses as it was read. */
export interface ReadSuppressions {
  /** Each address once, one a line. */
  addresses: string;
  /** Lines that are none. */
  refused: number;
}

/** Reads the first column of a CSV file, or one address a line. Lines beyond the 200,000th are left out. */
export function readSuppressions(content: Uint8Array): ReadSuppressions {
  const addresses = new Set<string>();
  let refused = 0;
  for (const line of new TextDecoder().decode(content).split(/\r?\n/, MOST_LINES)) {
    const cell = asWritten(firstCell(line));
    if (cell !== '' && !/^e-?mail|^address$/i.test(cell)) {
      const address = wireAddress(cell);
      if (address === undefined) {
        refused += 1;
      } else {
        addresses.add(address);
      }
    }
  }
  return { addresses: [...addresses].join('\n'), refused };
}

function firstCell(line: string): string {
  const text = line.slice(0, 2000).trim().slice(0, 1000);
  return text.startsWith('"') ? (/^"([^"]*)"/.exec(text)?.[1] ?? '') : (text.split(/[,;\t]/, 1)[0] ?? '').trim();
}
