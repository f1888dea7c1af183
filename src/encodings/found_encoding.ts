import { isAscii } from 'node:buffer';
import { createReadStream } from 'node:fs';
import iconv from 'iconv-lite';
import { utf16Of } from './utf16.js';
import type { Encoding } from './encodings.js';
import { likeliestOf, unlikelihoodOfUtf8 } from './likelihood.js';
import { countUtf8, type Utf8Count, WholeCharacters } from './utf8_bytes.js';

/** How a text seems to be written. */
export interface FoundEncoding {
  encoding: Encoding;
  /** Bytes that would be no text in UTF-8: many in an old encoding, none in UTF-16. */
  strays: number;
}

/** Of lines that hold more than ASCII: some hundred names tell as much as thousands, and each is weighed a dozen times. */
const SAMPLE_BYTES = 8 * 1024;
/** So many more strays than characters are no UTF-8, whatever comes. */
const HOPELESS = 10_000;
const [LINE_FEED, RETURN] = [0x0a, 0x0d];
const LONGEST = 64 * 1024;

/** @param path of a file, which is read up to its end unless it is UTF-16 or surely no UTF-8 */
export async function encodingOfFile(path: string): Promise<FoundEncoding> {
  return found(() => createReadStream(path) as AsyncIterable<Buffer>);
}

/** The first lines of a file that hold more than ASCII, in its own bytes. @param most of them, roughly */
export function beyondAscii(path: string, most: number): Promise<Buffer> {
  return sampleOf(() => createReadStream(path) as AsyncIterable<Buffer>, most);
}

/** The text of some bytes, and as what it was read: what is no text in that becomes �. */
export async function textOf(content: Uint8Array): Promise<FoundEncoding & { text: string }> {
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  const read = await found(() => [bytes]);
  const { encoding } = read;
  const text = encoding.startsWith('utf-') ? new TextDecoder(encoding).decode(bytes) : iconv.decode(bytes, encoding);
  return { ...read, text };
}

type Pieces = () => AsyncIterable<Buffer> | Iterable<Buffer>;

/**
 * UTF-16 by its mark or its zeros. UTF-8 where all of it is, and where at least as many characters are as bytes are not:
 * no other encoding makes so many by chance, but for a few short texts that are likelier in another one.
 */
async function found(pieces: Pieces): Promise<FoundEncoding> {
  for await (const piece of pieces()) {
    const utf16 = utf16Of(piece);
    if (utf16 !== undefined) {
      return { encoding: utf16, strays: 0 };
    }
    break;
  }
  const { characters, strays } = await countIn(pieces);
  if (strays === 0) {
    return { encoding: 'utf-8', strays };
  }
  const sample = await sampleOf(pieces);
  const likeliest = await likeliestOf(sample);
  const isUtf8 = characters >= strays && unlikelihoodOfUtf8(sample) <= likeliest.price;
  return isUtf8 ? { encoding: 'utf-8', strays } : { encoding: likeliest.encoding, strays };
}

async function countIn(pieces: Pieces): Promise<Utf8Count> {
  const count = { characters: 0, strays: 0 };
  const whole = new WholeCharacters();
  for await (const piece of pieces()) {
    countUtf8(whole.next(piece), count);
    if (count.strays > count.characters + HOPELESS) {
      return count;
    }
  }
  countUtf8(whole.next(undefined), count);
  return count;
}

/** The first lines that hold more than ASCII. */
async function sampleOf(pieces: Pieces, most = SAMPLE_BYTES): Promise<Buffer> {
  const kept: Buffer[] = [];
  let bytes = 0;
  for await (const line of linesOf(pieces)) {
    const first = line.findIndex((byte) => byte >= 0x80);
    if (first >= 0) {
      kept.push(Buffer.from(line.length > most ? line.subarray(first, first + most) : line));
      bytes += kept.at(-1)!.length;
    }
    if (bytes >= most) {
      break;
    }
  }
  return Buffer.concat(kept);
}

/**
 * Lines that hold more than ASCII, and what comes at the end. Line ends are no part of any character in the encodings
 * that are known here; a line without end is given in pieces.
 */
async function* linesOf(pieces: Pieces): AsyncGenerator<Buffer> {
  let rest = Buffer.alloc(0);
  for await (const piece of pieces()) {
    const all = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
    const from = yield* oddLines(all);
    const isLong = all.length - from > LONGEST;
    if (isLong) {
      yield all.subarray(from);
    }
    rest = isLong || isAscii(all) ? Buffer.alloc(0) : Buffer.from(all.subarray(from));
  }
  yield rest;
}

/** Whole lines that hold more than ASCII. @returns where the last line begins, which has no end yet */
function* oddLines(bytes: Buffer): Generator<Buffer, number> {
  let from = 0;
  let isOdd = false;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at]!;
    isOdd ||= byte >= 0x80;
    if (byte === LINE_FEED || byte === RETURN) {
      if (isOdd) {
        yield bytes.subarray(from, at + 1);
      }
      [from, isOdd] = [at + 1, false];
    }
  }
  return from;
}
