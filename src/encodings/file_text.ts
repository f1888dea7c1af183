import { isUtf8 } from 'node:buffer';
import { createReadStream } from 'node:fs';
import iconv from 'iconv-lite';
import { Invalid } from '../platform/errors.js';
import { type Encoding, encodingName, type OldEncoding } from './encodings.js';
import { markOf, UNKNOWN } from './stray_marks.js';
import { mendUtf8, WholeCharacters } from './utf8_bytes.js';

const CHUNK_BYTES = 64 * 1024;

/** How far a file was read. */
export interface Reading {
  bytes: number;
  /** Pieces with bytes that are no text in its encoding, so far: they hold marks (`strayIn`). */
  strays: number;
}

type Transcode = (chunk: Buffer | undefined) => Buffer;

/**
 * A file piece by piece in UTF-8, without a byte-order mark. Pieces of UTF-8 files are passed on as they are read: turned
 * into text and back they would cost twice the memory. Bytes that are no text are marked.
 * @throws {Invalid} from which line on the file is not in UTF-16: behind a lost byte all the rest is another text
 */
export async function* utf8Of(path: string, encoding: Encoding, reading: Reading): AsyncGenerator<Buffer> {
  const next = transcoder(encoding, reading);
  for await (const chunk of createReadStream(path, { highWaterMark: CHUNK_BYTES }) as AsyncIterable<Buffer>) {
    yield await orInvalid(() => next(chunk), path, encoding, reading);
    reading.bytes += chunk.length;
  }
  yield await orInvalid(() => next(undefined), path, encoding, reading);
}

function transcoder(encoding: Encoding, reading: Reading): Transcode {
  if (encoding === 'utf-8') {
    return utf8(reading);
  }
  return encoding === 'utf-16le' || encoding === 'utf-16be' ? utf16(encoding) : old(encoding, reading);
}

function utf8(reading: Reading): Transcode {
  const whole = new WholeCharacters();
  return (chunk) => {
    const piece = whole.next(chunk);
    if (isUtf8(piece)) {
      return piece;
    }
    reading.strays += 1;
    return mendUtf8(piece, (byte) => Buffer.from(markOf(byte)));
  };
}

function utf16(encoding: 'utf-16le' | 'utf-16be'): Transcode {
  const decoder = new TextDecoder(encoding, { fatal: true });
  return (chunk) => Buffer.from(decoder.decode(chunk, { stream: chunk !== undefined }));
}

function old(encoding: OldEncoding, reading: Reading): Transcode {
  const decoder = iconv.getDecoder(encoding);
  const lost = '\u{fffd}';
  return (chunk) => {
    const text = (chunk === undefined ? decoder.end() : decoder.write(chunk)) ?? '';
    if (!text.includes(lost)) {
      return Buffer.from(text);
    }
    reading.strays += 1;
    return Buffer.from(text.replaceAll(lost, markOf(UNKNOWN)));
  };
}

async function orInvalid<T>(read: () => T, path: string, encoding: Encoding, reading: Reading): Promise<T> {
  try {
    return read();
  } catch {
    const line = await linesUpTo(path, reading.bytes);
    throw new Invalid(`From line ${line} on this file is not in ${encodingName(encoding)}. Choose another encoding.`);
  }
}

/** Counted only when something is wrong: looking for line ends in every chunk would cost all good files. */
async function linesUpTo(path: string, end: number): Promise<number> {
  let lines = 1;
  if (end > 0) {
    for await (const chunk of createReadStream(path, { end: end - 1 }) as AsyncIterable<Buffer>) {
      lines += chunk.filter((byte) => byte === 0x0a).length;
    }
  }
  return lines;
}
