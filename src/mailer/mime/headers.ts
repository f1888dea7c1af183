import { requireAddress } from '../mail_address.js';
import type { Mailbox } from '../mail_address.js';

// An encoded word of 39 bytes is 64 characters: with "Subject: " before it the line stays below RFC 2047's 76.
const WORD_BYTES = 39;
const LINE = 76;
const CONTROLS = /[\p{Cc}\u2028\u2029]+/gu;
const PLAIN = /^[\x20-\x7e]*$/;

/** Text for a header: line breaks and other control characters become spaces, half characters are replaced. */
export function oneLine(text: string): string {
  return text.toWellFormed().replace(CONTROLS, ' ').replace(/\s+/g, ' ').trim();
}

/** An unstructured header such as Subject, folded, with its line end. `text` must be one line. */
export function textHeader(name: string, text: string): string {
  const needsWords = !PLAIN.test(text) || text.includes('=?') || text.split(' ').some((word) => word.length > 60);
  return needsWords ? `${name}: ${encodedWords(text)}\r\n` : folded(name, text);
}

/** An address header with one mailbox, with its line end. @throws {MailRefused} */
export function mailboxHeader(name: string, mailbox: Mailbox): string {
  const address = requireAddress(mailbox.address);
  const shown = oneLine(mailbox.name ?? '');
  return shown === '' ? `${name}: ${address}\r\n` : `${name}: ${phrase(shown)}\r\n <${address}>\r\n`;
}

/** A display name: quoted where it is plain, in encoded words where it is not. */
export function phrase(text: string): string {
  const isPlain = PLAIN.test(text) && !text.includes('=?') && text.length <= 60;
  return isPlain ? `"${text.replace(/["\\]/g, '\\$&')}"` : encodedWords(text);
}

/** Folds at spaces only; a header whose words fit is never changed by it. */
export function folded(name: string, text: string): string {
  let lines = `${name}:`;
  let column = lines.length;
  for (const word of text.split(' ')) {
    if (column + 1 + word.length > LINE && column > name.length + 1) {
      lines += '\r\n';
      column = 0;
    }
    lines += ` ${word}`;
    column += 1 + word.length;
  }
  return `${lines}\r\n`;
}

function encodedWords(text: string): string {
  const words: string[] = [];
  let word = '';
  let bytes = 0;
  for (const character of text) {
    const size = Buffer.byteLength(character);
    if (bytes + size > WORD_BYTES) {
      words.push(word);
      word = '';
      bytes = 0;
    }
    word += character;
    bytes += size;
  }
  if (word !== '') words.push(word);
  return words.map((part) => `=?UTF-8?B?${Buffer.from(part).toString('base64')}?=`).join('\r\n ');
}
