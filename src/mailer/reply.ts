import { foreignWords } from '../platform/foreign/foreign_words.js';

/** One complete answer of an SMTP server. */
export interface Reply {
  code: number;
  /** Enhanced status (RFC 3463), when the server gives one. */
  enhanced?: string;
  /** The words after the code, lines joined by a space, what nobody sees written out. */
  text: string;
}

/** The peer does not speak SMTP; its connection can't be trusted any more. */
export class NotSmtp extends Error {}

// RFC 5321 §4.5.3.1.5 allows 512 octets a line; a peer that sends this much without an end never finishes.
const REPLY_LIMIT = 65_536;
const LINE = /^(\d{3})(?:([ -])(.*))?$/s;
const ENHANCED = /^([245]\.\d{1,3}\.\d{1,3})(?:\s|$)/;

/** Cuts what a server sends into replies; keeps an unfinished rest for the next piece. */
export class ReplyReader {
  private rest = '';
  private lines: string[] = [];

  /** @throws {NotSmtp} when the bytes can't be a reply */
  read(chunk: string): Reply[] {
    this.rest += chunk;
    const replies: Reply[] = [];
    for (let end = this.rest.indexOf('\n'); end >= 0; end = this.rest.indexOf('\n')) {
      const line = this.rest.slice(0, end).replace(/\r$/, '');
      this.rest = this.rest.slice(end + 1);
      const reply = this.add(line);
      if (reply) replies.push(reply);
    }
    if (this.rest.length + this.lines.reduce((sum, line) => sum + line.length, 0) > REPLY_LIMIT) {
      throw new NotSmtp('The server sent an endless reply');
    }
    return replies;
  }

  private add(line: string): Reply | undefined {
    const match = LINE.exec(line);
    if (!match) throw new NotSmtp(`The server sent "${foreignWords(line, 80)}", which is no SMTP reply`);
    // No words hold a NUL, and no database keeps one: what a server says must not stop the writing of it.
    this.lines.push((match[3] ?? '').replaceAll('\0', ''));
    if (match[2] === '-') return undefined;
    const lines = this.lines;
    this.lines = [];
    return asReply(Number(match[1]), lines);
  }
}

function asReply(code: number, lines: string[]): Reply {
  const enhanced = ENHANCED.exec(lines[0] ?? '')?.[1];
  const words = enhanced === undefined ? lines : lines.map((line) => withoutPrefix(line, enhanced));
  const text = foreignWords(words.join(' '));
  return enhanced === undefined ? { code, text } : { code, enhanced, text };
}

function withoutPrefix(line: string, enhanced: string): string {
  return line.startsWith(enhanced) ? line.slice(enhanced.length).trimStart() : line;
}

/** Reads a reply back out of text, such as the one a library keeps in its errors. */
export function replyOf(text: string): Reply | undefined {
  try {
    return new ReplyReader().read(`${text}\n`).at(-1);
  } catch (error) {
    if (error instanceof NotSmtp) return undefined;
    throw error;
  }
}

const QUEUE_IDS = [/queued as ([\w.-]+)/i, /\bid=([\w.-]+)/i, /^ok:? <?([\w.@+-]{6,})>?$/i, /<([^<>\s]+@[^<>\s]+)>/];

/** The name under which the server says it keeps the message. */
export function queueIdIn(text: string): string | undefined {
  for (const pattern of QUEUE_IDS) {
    const id = pattern.exec(text)?.[1];
    if (id !== undefined) return id;
  }
  return undefined;
}
