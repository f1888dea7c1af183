import { escapeHtml } from '../../engine/text.js';
import type { PreviewedMail } from '../content/mail_previews.service.js';

const TEXT_STYLE =
  'body{margin:16px;color:#1a2130;font:13px/1.5 ui-monospace,Menlo,Consolas,monospace}pre{margin:0;white-space:pre-wrap;overflow-wrap:anywhere}';

/** Ways to look at a mail. */
export type PreviewedAs = 'text' | 'dark';

/** What the frame beside the form shows: the mail, its plain text, or why there is none. Links open pages of their own. */
export function previewDocument({ html, text, refusal }: PreviewedMail, as?: PreviewedAs): string {
  if (as === 'text' || refusal !== undefined) {
    return `<!doctype html><meta charset="utf-8"><title>–</title><style>${TEXT_STYLE}</style><pre>${escapeHtml(refusal ?? text)}</pre>`;
  }
  const extra = as === 'dark' ? `<base target="_blank"><style>${DARK}</style>` : '<base target="_blank">';
  const seen = as === 'dark' ? inTheDark(html) : html;
  return HEAD.test(seen) ? seen.replace(HEAD, (head) => head + extra) : extra + seen;
}

/** Up to the next "<" at most: from each of many that end nowhere, a search to the end would take for ever. */
const HEAD = /<head(?:\s[^<>]*)?>/i;

const DARK = ':root{color-scheme:dark}body{background:#0e1219;color:#e7eaf0}';

/** As for a reader who likes it dark, whatever this browser likes: the mail's own rules for that case hold. */
function inTheDark(html: string): string {
  return html.replaceAll(/\(\s*prefers-color-scheme\s*:\s*dark\s*\)/gi, '(min-width: 0)');
}
