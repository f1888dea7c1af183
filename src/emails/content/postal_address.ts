import { escapeHtml, plainText } from '../../engine/text.js';

const QUIET = 'margin:24px 0 0;font-size:12px;line-height:1.4;color:#5b6577';

/**
 * What stands under a mail that does not say the brand's address itself, however it breaks the lines; undefined where it
 * does, or the brand has none.
 * @param written the author's text: HTML, or plain
 */
export function postalLines(written: string, postalAddress: string): string[] | undefined {
  const lines = postalAddress
    .split(/\r\n|\r|\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  return lines.length === 0 || tidy(written).includes(tidy(postalAddress)) ? undefined : lines;
}

/** As a paragraph for a mail's HTML; nothing of it is a placeholder. */
export function postalHtml(lines: readonly string[]): string {
  const shown = lines.map((line) => escapeHtml(line).replaceAll('$', '&#36;')).join('<br>');
  return `<p class="mail-postal" style="${QUIET}">${shown}</p>`;
}

/** Without marks, with one blank between words, in small letters. */
export function tidy(text: string): string {
  return plainText(text.replaceAll(/<style[\s\S]*?<\/style>/gi, ' '))
    .replaceAll(/[\s,]+/g, ' ')
    .trim()
    .toLowerCase();
}
