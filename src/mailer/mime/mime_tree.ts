/** One part of a mail, flat: leaves only, in order. Mails inside mails stay closed; their bytes are the body. */
export interface Part {
  headers: Headers;
  /** Lower case, e.g. `text/plain`. */
  type: string;
  parameters: ReadonlyMap<string, string>;
  body: Buffer;
}

export interface ReadMail {
  headers: Headers;
  type: string;
  parameters: ReadonlyMap<string, string>;
  parts: Part[];
}

/**
 * Limits that no honest mail meets. Whatever lies beyond is not looked at: reading is linear in the first quarter of a megabyte and
 * needs neither a stack nor a second look, so that nobody can keep it busy.
 */
const MOST_BYTES = 262_144;
const MOST_PARTS = 60;
const DEEPEST = 8;
const MOST_HEADER_BYTES = 65_536;

/** The header lines of a mail or part: unfolded, decoded, the first of each name at hand. */
export class Headers {
  constructor(private readonly lines: readonly (readonly [name: string, value: string])[]) {}

  static read(text: string): Headers {
    const unfolded = text.slice(0, MOST_HEADER_BYTES).replaceAll(/\r?\n[ \t]+/g, ' ');
    const lines = unfolded.split(/\r?\n/).flatMap((line): [string, string][] => {
      const colon = line.indexOf(':');
      return colon < 1 ? [] : [[line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()]];
    });
    return new Headers(lines);
  }

  /** The first header of this name, as it stands; '' where there is none. */
  get(name: string): string {
    return this.lines.find(([known]) => known === name)?.[1] ?? '';
  }

  has(name: string): boolean {
    return this.lines.some(([known]) => known === name);
  }

  /** As `get`, with its encoded words (RFC 2047) read. */
  text(name: string): string {
    return decodedWords(this.get(name))
      .replaceAll(/[\p{Cc}\s]+/gu, ' ')
      .trim();
  }

  all(): readonly (readonly [string, string])[] {
    return this.lines;
  }
}

/** Reads a mail; broken ones give what can be read of them, never an error. */
export function readMail(raw: Buffer, mostBytes: number = MOST_BYTES): ReadMail {
  const source = raw.subarray(0, mostBytes).toString('latin1');
  const parts: Part[] = [];
  const top = openPart(source);
  collect(top, 0, parts);
  return { headers: top.headers, type: top.type, parameters: top.parameters, parts };
}

interface OpenPart {
  headers: Headers;
  type: string;
  parameters: Map<string, string>;
  source: string;
}

function openPart(source: string): OpenPart {
  const end = /\r?\n\r?\n/.exec(source.slice(0, MOST_HEADER_BYTES));
  const startsBlank = /^\r?\n/.exec(source);
  const head = startsBlank ? '' : source.slice(0, end?.index ?? Math.min(source.length, MOST_HEADER_BYTES));
  const body = startsBlank
    ? source.slice(startsBlank[0].length)
    : source.slice(end ? end.index + end[0].length : head.length);
  const headers = Headers.read(head);
  const { type, parameters } = contentType(headers.get('content-type'));
  return { headers, type, parameters, source: body };
}

function collect(part: OpenPart, depth: number, parts: Part[]): void {
  const inside = part.type.startsWith('multipart/') && depth < DEEPEST ? piecesOf(part) : [];
  if (inside.length === 0) {
    if (parts.length < MOST_PARTS) {
      parts.push({ headers: part.headers, type: part.type, parameters: part.parameters, body: decoded(part) });
    }
    return;
  }
  for (const piece of inside) {
    if (parts.length >= MOST_PARTS) {
      return;
    }
    collect(openPart(piece), depth + 1, parts);
  }
}

/** Gateways write another boundary into the header than stands between the parts, or none: the one that is there counts. */
function piecesOf({ parameters, source }: OpenPart): string[] {
  const told = parameters.get('boundary') ?? '';
  const found = told === '' ? [] : pieces(source, told);
  if (found.length > 0) {
    return found;
  }
  const there = /^--(\S[^\r\n]{0,199}?)[ \t]*\r?\ncontent-[a-z-]{4,30}:/im.exec(source)?.[1];
  return there === undefined ? [] : pieces(source, there);
}

/** What stands between the boundary lines; a mail that was cut off gives its last part as far as it goes. */
function pieces(source: string, boundary: string): string[] {
  const mark = `--${boundary}`;
  const found: string[] = [];
  let start = -1;
  for (
    let at = source.indexOf(mark);
    at >= 0 && found.length < MOST_PARTS;
    at = source.indexOf(mark, at + mark.length)
  ) {
    if (at > 0 && source[at - 1] !== '\n') {
      continue;
    }
    if (start >= 0) {
      found.push(source.slice(start, at).replace(/\r?\n$/, ''));
    }
    const line = source.indexOf('\n', at);
    if (line < 0 || source.startsWith('--', at + mark.length)) {
      return found;
    }
    start = line + 1;
  }
  if (start >= 0 && found.length < MOST_PARTS) {
    found.push(source.slice(start));
  }
  return found;
}

function contentType(value: string): { type: string; parameters: Map<string, string> } {
  const [type = '', ...rest] = value.split(';');
  const parameters = new Map<string, string>();
  for (const pair of rest.slice(0, 20)) {
    const at = pair.indexOf('=');
    if (at > 0) {
      const name = pair.slice(0, at).trim().toLowerCase();
      parameters.set(
        name,
        pair
          .slice(at + 1)
          .trim()
          .replaceAll(/^"|"$/g, ''),
      );
    }
  }
  return { type: type.trim().toLowerCase() || 'text/plain', parameters };
}

function decoded({ headers, source }: OpenPart): Buffer {
  const encoding = headers.get('content-transfer-encoding').toLowerCase();
  if (encoding === 'base64') {
    return Buffer.from(source, 'base64');
  }
  if (encoding === 'quoted-printable') {
    return unquoted(source);
  }
  return Buffer.from(source, 'latin1');
}

/** Byte by byte: a function a sign takes ten times as long where all is signs. */
function unquoted(source: string): Buffer {
  const bytes = Buffer.from(source.replaceAll(/=[ \t]*\r?\n/g, ''), 'latin1');
  let end = 0;
  for (let at = 0; at < bytes.length; at += 1, end += 1) {
    const high = bytes[at] === EQUALS ? digitOf(bytes[at + 1]) : NaN;
    const value = high * 16 + digitOf(bytes[at + 2]);
    bytes[end] = Number.isNaN(value) ? bytes[at]! : value;
    at += Number.isNaN(value) ? 0 : 2;
  }
  return bytes.subarray(0, end);
}

const EQUALS = 0x3d;

/** Of a hexadecimal digit; NaN of anything else. */
function digitOf(byte = 0): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : NaN;
}

/** The text of a part in its own character set; HTML without its marks. */
export function textOf(part: Part): string {
  const text = wordsIn(part);
  return part.type === 'text/html' ? withoutMarks(text) : text;
}

/** The text of a part in its own character set, HTML as it is. */
export function wordsIn({ parameters, body }: Part): string {
  return charsetText(body, parameters.get('charset') ?? 'utf-8');
}

/** Japanese gateways write it without saying so: its marks are no words in any other set. */
const ISO_2022_JP = ['\u001b$B', '\u001b$@'];

function charsetText(body: Buffer, told: string): string {
  const isPlain = /^(?:utf-8|us-ascii|7bit|iso-8859-1)$/i.test(told);
  const charset = isPlain && ISO_2022_JP.some((mark) => body.includes(mark)) ? 'iso-2022-jp' : told;
  try {
    return new TextDecoder(charset.toLowerCase().replace(/^(?:us-ascii|7bit|unknown.*)$/, 'utf-8')).decode(body);
  } catch {
    return body.toString('latin1'); // a character set that nobody knows
  }
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', nbsp: ' ', '#39': "'" };

/** Only for reading: what comes out is never shown as HTML. `[^<>]` keeps every pattern linear. */
function withoutMarks(html: string): string {
  return html
    .replaceAll(/<(?:br|\/p|\/div|\/tr|\/li|\/h\d)\b[^<>]{0,500}>/gi, '\n')
    .replaceAll(/<[^<>]{1,2000}>/g, ' ')
    .replaceAll(/&(\w{2,6}|#39);/g, (whole, name: string) => ENTITIES[name] ?? whole)
    .replaceAll(/[ \t]+/g, ' ');
}

/** Encoded words of a header (RFC 2047). */
export function decodedWords(value: string): string {
  return asUtf8(value.slice(0, 4000))
    .replaceAll(/\?=\s+=\?/g, '?==?')
    .replaceAll(/=\?([\w-]{1,40})\?([BQbq])\?([^?]{0,1000})\?=/g, (_, charset: string, kind: string, text: string) => {
      const bytes = kind.toLowerCase() === 'b' ? Buffer.from(text, 'base64') : unquoted(text.replaceAll('_', ' '));
      return charsetText(bytes, charset);
    });
}

/** Headers are read byte by byte; those that were written in UTF-8 without further ado are told by their bytes. */
function asUtf8(value: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(value, 'latin1'));
  } catch {
    return value;
  }
}
