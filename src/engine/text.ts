import { decodeHTMLStrict } from 'entities';

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

export function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => ESCAPES[character]!);
}

/** What a reader sees of a piece of HTML, on one line. For labels, exports and piped choices. */
export function plainText(html: string): string {
  if (!html.includes('<') && !html.includes('&')) return html.trim();
  // Behind the last ">" no tag ends: looking for one from each "<" there would take for ever.
  const end = html.lastIndexOf('>') + 1;
  const text = html.slice(0, end).replaceAll(/<[^>]*>/g, ' ') + html.slice(end);
  return decodeHTMLStrict(text).replaceAll(/\s+/g, ' ').trim();
}

/**
 * A text without its tags, and nothing else changed: no blank put in, no entity read, white space kept. Programs take the
 * tags off the definition's texts themselves and look for exactly the same in the cells of an export.
 */
export function withoutTags(html: string): string {
  if (!html.includes('<')) return html;
  // As above: behind the last ">" no tag ends.
  const end = html.lastIndexOf('>') + 1;
  return html.slice(0, end).replaceAll(/<[^>]*>/g, '') + html.slice(end);
}

/** Typed text as it may be stored: PostgreSQL's JSON takes neither NUL nor half characters. */
export function cleanText(typed: string): string {
  const joined = typed.replaceAll('\r\n', '\n').replaceAll('\0', '').toWellFormed();
  return joined.trim();
}
