import { convert } from 'html-to-text';
import type { FormatCallback, HtmlToTextOptions } from 'html-to-text';
import juice from 'juice';
import { quotedPrintable, softBreak } from './quoted_printable.js';

/** A constant text, or the place of a recipient's value. */
export type Piece = string | { slot: number };

/** A link that is drawn as a block of its own, such as a button, has a line of its own. */
const ownLine: FormatCallback = (element, walk, builder) => {
  builder.openBlock({ leadingLineBreaks: 1 });
  walk(element.children, builder);
  builder.addInline(` <${String(element.attribs?.['href'] ?? '')}>`, { noWordTransform: true });
  builder.closeBlock({ trailingLineBreaks: 1 });
};

const TEXT_OPTIONS: HtmlToTextOptions = {
  wordwrap: 78,
  formatters: { ownLine },
  selectors: [
    { selector: 'a[style*="display:block"]', format: 'ownLine' },
    { selector: 'a', options: { hideLinkHrefIfSameAsText: true, linkBrackets: ['<', '>'] } },
    { selector: 'img', format: 'skip' },
    { selector: '.preheader', format: 'skip' },
    ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((selector) => ({ selector, options: { uppercase: false } })),
  ],
};

// Marks of template languages mean nothing in a finished mail, and looking for their ends costs the square of their number.
for (const kind of Object.keys(juice.codeBlocks)) delete juice.codeBlocks[kind];

/** The pieces of a HTML body as a whole document with its styles inlined, for mail programs that drop style sheets. */
function inlinedHtml(pieces: Piece[], language: string): Piece[] {
  return throughTool(pieces, (html) => withStylesIn(asDocument(html, language)));
}

/** The plain-text part made from a HTML body. */
function textOf(pieces: Piece[]): Piece[] {
  return throughTool(pieces, (html) => `${convert(html, TEXT_OPTIONS)}\n`);
}

/** Styles that can't be read stay where they are; most programs read them there, and leave out what they don't understand. */
function withStylesIn(document: string): string {
  try {
    return juice(document, { preserveMediaQueries: true, preserveFontFaces: false });
  } catch {
    return document;
  }
}

function asDocument(html: string, language: string): string {
  if (/<html[\s>]/i.test(html)) return html;
  const head = '<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">';
  return `<!DOCTYPE html>\n<html lang="${language}">\n<head>${head}</head>\n<body>\n${html}\n</body>\n</html>\n`;
}

/** Runs a tool that knows only whole texts over pieces: each slot stands as a word that occurs nowhere else. */
function throughTool(pieces: Piece[], tool: (text: string) => string): Piece[] {
  const constants = pieces.filter((piece) => typeof piece === 'string').join('');
  const mark = markOutside(constants);
  const whole = pieces.map((piece) => (typeof piece === 'string' ? piece : `${mark}${piece.slot}z`)).join('');
  const parts = tool(whole).split(new RegExp(`${mark}(\\d+)z`));
  return parts.map((part, place) => (place % 2 === 0 ? part : { slot: Number(part) })).filter((piece) => piece !== '');
}

/** A short word that a text does not hold. */
function markOutside(text: string): string {
  const taken = new Set([...text.matchAll(/qslot(\d{1,9})x/gi)].map(([, number]) => Number(number)));
  let free = 0;
  while (taken.has(free)) free += 1;
  return `qslot${free}x`;
}

/** What the bodies of a mail are made from. */
export interface BodyParts {
  html: Piece[];
  /** The plain-text part; without one it is made from the HTML. */
  text?: Piece[];
  language: string;
}

/** A body with everything encoded that is the same for all recipients; numbers are the places of their values. */
export type Encoded = (string | number)[];

/** Both bodies of a mail. Styles are put in and a text part is made here: what they cost depends on what an author wrote. */
export function bodiesOf({ html, text, language }: BodyParts): { html: Encoded; text: Encoded } {
  return { html: encoded(inlinedHtml(html, language)), text: encoded(text ?? textOf(html)) };
}

function encoded(pieces: Piece[]): Encoded {
  const joined = pieces.map((piece) => (typeof piece === 'string' ? quotedPrintable(piece) : piece.slot));
  return joined.map((piece, place) =>
    typeof piece === 'string' && place < joined.length - 1 ? softBreak(piece) : piece,
  );
}

type Escape = (value: string) => string;

/** A body part of one recipient, made of what is the same for all. */
export class EncodedBody {
  constructor(
    private readonly pieces: Encoded,
    private readonly escape: Escape,
  ) {}

  fill(values: readonly string[]): string {
    let body = '';
    for (const piece of this.pieces) {
      body += typeof piece === 'string' ? piece : softBreak(quotedPrintable(this.escape(values[piece] ?? '')));
    }
    return body;
  }
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

export function htmlEscaped(value: string): string {
  return /[&<>"']/.test(value) ? value.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character) : value;
}
