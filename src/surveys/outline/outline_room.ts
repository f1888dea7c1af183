import { escapeHtml, plainText } from '../../engine/text.js';

/** Lines of one list: those from before there were bounds may have hundreds of thousands; the outline lists the first. */
export const MOST_LISTED = 5000;
/** Choices, rows, columns and skips of a page that lists a survey. */
const MOST_LINES = 16_000;
/** Characters of its texts. */
const MOST_CHARACTERS = 1_000_000;
/** A text that finds no room is there by its beginning. */
const BEGINNING = 200;

/** The beginning of a text, where it is longer than that. */
export function brief(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most).toWellFormed()}…` : text;
}

/**
 * Room on a page that lists a survey, whatever its definition holds: when it is used up, texts are there by their beginning
 * and lists by their number.
 */
export class OutlineRoom {
  private lines = MOST_LINES;
  private characters = MOST_CHARACTERS;

  /** How many of so many lines there are. */
  linesOf(wanted: number): number {
    const given = Math.max(0, Math.min(this.lines, wanted));
    this.lines -= given;
    return given;
  }

  text(text: string, most = MOST_CHARACTERS): string {
    const short = brief(text, Math.min(most, Math.max(this.characters, BEGINNING)));
    this.characters -= short.length;
    return short;
  }

  /** HTML as it is, or the beginning of what a reader sees of it; tags cost more than letters. */
  html(html: string): string {
    const cost = html.length + TAG * (html.split('<').length - 1);
    if (cost <= this.characters) {
      this.characters -= cost;
      return html;
    }
    return escapeHtml(this.text(plainText(html), BEGINNING));
  }
}

/** What the sanitiser takes for a tag, in characters. */
const TAG = 40;
