import iconv from 'iconv-lite';
import { ENCODINGS, type Encoding } from '../../encodings/encodings.js';
import { beyondAscii } from '../../encodings/found_encoding.js';
import { trimmed } from '../../platform/foreign/invisible.js';
import type { ContactImport } from './contact_import.entity.js';

const LOOKED_AT = 2000;
const WORDS = 3;
const CHARACTERS = 40;

/**
 * The same few cells as each encoding reads them: whoever knows the people sees which one is right.
 * @returns none where there is nothing to doubt
 */
export async function specimens({ filePath, shape }: ContactImport): Promise<Map<Encoding, string>> {
  const all = new Map<Encoding, string>();
  if ((shape.strays ?? 0) > 0) {
    const lines = await beyondAscii(filePath, LOOKED_AT);
    for (const encoding of ENCODINGS.filter((one) => !one.startsWith('utf-16'))) {
      const cells = iconv.decode(lines, encoding).split(/[,;|\t\r\n"]/);
      const words = cells.map(trimmed).filter((cell) => /\P{ASCII}/u.test(cell));
      all.set(encoding, [...new Set(words)].slice(0, WORDS).join(', ').slice(0, CHARACTERS));
    }
  }
  return all;
}
