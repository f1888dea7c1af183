import { convert } from 'html-to-text';
import type { HtmlToTextOptions } from 'html-to-text';
import juice from 'juice';
import { quotedPrintable, softBreak } from './quoted_printable.js';

/** A constant text, or the place of a recipient's value. */
export type Piece = string | { slot: number };

const TEXT_OPTIONS: HtmlToTextOptions = {
  wordwrap: 78,
  selectors: [
    { selector: 'a', options: { hideLinkHrefIfSameAsText: true, linkBrackets: ['<', '>'] } },
    { selector: 'img', format: 'skip' },
    { selector: '.preheader', format: 'skip' },
    ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((selector) => ({ selector, options: { uppercase: false } })),
  ],
};

// Marks of template languages mean nothing in a finished mail, and looking for their ends costs the square of their number.
juice.codeBlocks = {};

/** The pieces of a HTML body as a whole document with its styles inlined, for mail programs that drop style sheets. */
export function inlinedHtml(pieces: Piece[], language: string): Piece[] {
  return throughTool(pieces, (html) =>
    juice(asDocument(html, language), { preserveMediaQueries: true, preserveFontFaces: false }),
  );
}

/** The plain-text part made from a HTML body. */
export function textOf(pieces: Piece[]): Piece[] {
  return throughTool(pieces, (html) => `${convert(html, TEXT_OPTIONS)}\n`);
}

function asDocument(html: string, language: string): string {
  if (/<html[\s>]/i.test(html)) return html;
  const head = '<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">';
  return `<!DOCTYPE html>\n<html lang="${language}">\n<head>${head}</head>\n<body>\n${html}\n</body>\n</html>\n`;
}

/** Runs a tool that knows only whole texts over pieces: each slot stands as a word that occurs nowhere else. */
function throughTool(pieces: Piece[], tool: (text: string) => string): Piece[] {
  const constants = pieces.filter((piece) => typeof piece === 'string').join('');
  const taken = constants.match(/qslotq*/g) ?? [];
  const mark = `qslot${'q'.repeat(taken.reduce((most, { length }) => Math.max(most, length - 4), 0))}`;
  const whole = pieces.map((piece) => (typeof piece === 'string' ? piece : `${mark}${piece.slot}z`)).join('');
  const parts = tool(whole).split(new RegExp(`${mark}(\\d+)z`));
  return parts.map((part, place) => (place % 2 === 0 ? part : { slot: Number(part) })).filter((piece) => piece !== '');
}

type Escape = (value: string) => string;

/** A body part with everything encoded that is the same for all recipients. */
export class EncodedBody {
  private readonly pieces: (string | number)[];

  constructor(
    pieces: Piece[],
    private readonly escape: Escape,
  ) {
    const joined = pieces.map((piece) => (typeof piece === 'string' ? quotedPrintable(piece) : piece.slot));
    this.pieces = joined.map((piece, place) =>
      typeof piece === 'string' && place < joined.length - 1 ? softBreak(piece) : piece,
    );
  }

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
