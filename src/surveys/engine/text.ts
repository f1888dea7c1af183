const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

export function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => ESCAPES[character]!);
}

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };

function entity(whole: string, name: string): string {
  if (!name.startsWith('#')) return ENTITIES[name.toLowerCase()] ?? whole;
  const code = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number.parseInt(name.slice(1), 10);
  const isCharacter = code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
  return isCharacter ? String.fromCodePoint(code) : '';
}

/** What a reader sees of a piece of HTML, on one line. For labels, exports and piped choices. */
export function plainText(html: string): string {
  if (!html.includes('<') && !html.includes('&')) return html.trim();
  // Behind the last ">" no tag ends: looking for one from each "<" there would take for ever.
  const end = html.lastIndexOf('>') + 1;
  return (html.slice(0, end).replaceAll(/<[^>]*>/g, ' ') + html.slice(end))
    .replaceAll(/&(#?\w{1,10});/g, entity)
    .replaceAll(/\s+/g, ' ')
    .trim();
}

/** Typed text as it may be stored: PostgreSQL's JSON takes neither NUL nor half characters. */
export function cleanText(typed: string): string {
  const joined = typed.replaceAll('\r\n', '\n').replaceAll('\0', '').toWellFormed();
  return joined.trim();
}
