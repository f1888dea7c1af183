// RFC 2045 allows 76: one is left for the "=" of a soft line break, two for a last space that becomes "=20".
const LINE = 73;

/**
 * Quoted-printable of a text that starts at a line's beginning. A line never starts with a dot, so that a mail made of
 * this needs no dot-stuffing; characters are never cut in the middle of their bytes.
 */
export function quotedPrintable(text: string): string {
  let encoded = '';
  let line = '';
  for (const character of text.toWellFormed().replace(/\r\n?/g, '\n')) {
    if (character === '\n') {
      encoded += `${protectedEnd(line)}\r\n`;
      line = '';
      continue;
    }
    const token = TOKENS[character.codePointAt(0) ?? 0] ?? escaped(character);
    if (line.length + token.length > LINE) {
      encoded += `${line}=\r\n`;
      line = '';
    }
    line += line === '' && token === '.' ? '=2E' : token;
  }
  return encoded + protectedEnd(line);
}

/** Ends an encoded piece so that the next one starts a line of its own without a line break in the decoded text. */
export function softBreak(encoded: string): string {
  return encoded === '' || encoded.endsWith('\r\n') ? encoded : `${encoded}=\r\n`;
}

const TOKENS: string[] = Array.from({ length: 128 }, (_, code) => tokenOf(code));

/** Control characters, above all NUL, have no place in a mail. */
function tokenOf(code: number): string {
  if (code === 9) return '\t';
  if (code < 32 || code === 127) return '';
  return code === 61 ? '=3D' : String.fromCharCode(code);
}

function escaped(character: string): string {
  return Buffer.from(character).toString('hex').toUpperCase().replace(/../g, '=$&');
}

/** White space at the end of a line gets lost on the way (RFC 2045 §6.7 rule 3). */
function protectedEnd(line: string): string {
  const last = line.at(-1);
  if (last !== ' ' && last !== '\t') return line;
  return `${line.slice(0, -1)}=${last === ' ' ? '20' : '09'}`;
}

/** The text that was encoded; UTF-8. */
export function fromQuotedPrintable(encoded: string): string {
  const bytes = encoded
    .replaceAll(/=\r?\n/g, '')
    .replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
