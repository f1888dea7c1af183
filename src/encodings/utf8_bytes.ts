import { isAscii, isUtf8 } from 'node:buffer';

const NONE = Buffer.alloc(0);
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/** Cuts a file that comes in pieces behind whole characters of UTF-8, and takes its byte-order mark off. */
export class WholeCharacters {
  private rest = NONE;
  private isFirst = true;

  /** What can be read now; the rest waits for the next piece. @param piece undefined at the end */
  next(piece: Buffer | undefined): Buffer {
    const all = this.rest.length === 0 ? (piece ?? NONE) : Buffer.concat([this.rest, piece ?? NONE]);
    const isShort = this.isFirst && piece !== undefined && all.length < BYTE_ORDER_MARK.length;
    const end = piece === undefined ? all.length : isShort ? 0 : lastWhole(all);
    const start = this.isFirst && all.subarray(0, 3).equals(BYTE_ORDER_MARK) ? 3 : 0;
    this.rest = Buffer.from(all.subarray(end));
    this.isFirst = isShort;
    return all.subarray(start, end);
  }
}

/** Where the last character begins that may go on in the next piece. */
function lastWhole(piece: Buffer): number {
  for (let back = 1; back <= Math.min(3, piece.length); back += 1) {
    const byte = piece[piece.length - back]!;
    if (byte >= 0xc0) {
      const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return length > back ? piece.length - back : piece.length;
    }
    if (byte < 0x80) {
      return piece.length;
    }
  }
  return piece.length;
}

/** How much of some bytes is UTF-8. */
export interface Utf8Count {
  /** Characters of several bytes. */
  characters: number;
  /** Bytes that belong to no character. */
  strays: number;
}

/** Counts on in whole characters. */
export function countUtf8(bytes: Buffer, count: Utf8Count): void {
  if (isAscii(bytes)) {
    return;
  }
  if (isUtf8(bytes)) {
    for (const byte of bytes) {
      count.characters += byte >= 0xc0 ? 1 : 0;
    }
    return;
  }
  count.characters += walk(bytes, () => (count.strays += 1));
}

/** The same bytes with something else in the place of each that belongs to no character. */
export function mendUtf8(bytes: Buffer, instead: (stray: number) => Buffer): Buffer {
  const pieces: Buffer[] = [];
  let from = 0;
  walk(bytes, (at) => {
    pieces.push(bytes.subarray(from, at), instead(bytes[at]!));
    from = at + 1;
  });
  return Buffer.concat([...pieces, bytes.subarray(from)]);
}

/** @returns how many characters of several bytes there are */
function walk(bytes: Buffer, stray: (at: number) => void): number {
  let characters = 0;
  for (let at = 0; at < bytes.length;) {
    const length = lengthAt(bytes, at);
    if (length === 0) {
      stray(at);
    }
    characters += length > 1 ? 1 : 0;
    at += Math.max(length, 1);
  }
  return characters;
}

/** Characters of several bytes: first bytes, how many there are, and what the second may be (Unicode, table 3-7). */
const FORMS = [
  { from: 0xc2, to: 0xdf, length: 2, least: 0x80, most: 0xbf },
  { from: 0xe0, to: 0xe0, length: 3, least: 0xa0, most: 0xbf },
  { from: 0xe1, to: 0xec, length: 3, least: 0x80, most: 0xbf },
  { from: 0xed, to: 0xed, length: 3, least: 0x80, most: 0x9f },
  { from: 0xee, to: 0xef, length: 3, least: 0x80, most: 0xbf },
  { from: 0xf0, to: 0xf0, length: 4, least: 0x90, most: 0xbf },
  { from: 0xf1, to: 0xf3, length: 4, least: 0x80, most: 0xbf },
  { from: 0xf4, to: 0xf4, length: 4, least: 0x80, most: 0x8f },
];
const FORM_OF = Array.from({ length: 256 }, (_, first) => FORMS.find(({ from, to }) => first >= from && first <= to));

/** Bytes of the character that begins here, 0 where none does. */
function lengthAt(bytes: Buffer, at: number): number {
  const first = bytes[at]!;
  const form = FORM_OF[first];
  if (form === undefined) {
    return first < 0x80 ? 1 : 0;
  }
  const second = bytes[at + 1] ?? 0;
  let isWhole = second >= form.least && second <= form.most;
  for (let next = 2; isWhole && next < form.length; next += 1) {
    isWhole = (bytes[at + next] ?? 0) >> 6 === 0b10;
  }
  return isWhole ? form.length : 0;
}
