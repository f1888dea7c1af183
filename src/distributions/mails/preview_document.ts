import { escapeHtml } from '../../surveys/engine/text.js';
import type { PreviewedMail } from './mail_previews.service.js';

const TEXT_STYLE =
  'body{margin:16px;color:#1a2130;font:13px/1.5 ui-monospace,Menlo,Consolas,monospace}pre{margin:0;white-space:pre-wrap;overflow-wrap:anywhere}';

/** What the frame beside the form shows: the mail, its plain text, or why there is none. Links open pages of their own. */
export function previewDocument({ html, text, refusal }: PreviewedMail, asText: boolean): string {
  if (asText || refusal !== undefined) {
    return `<!doctype html><meta charset="utf-8"><title>–</title><style>${TEXT_STYLE}</style><pre>${escapeHtml(refusal ?? text)}</pre>`;
  }
  const target = '<base target="_blank">';
  return /<head[^>]*>/i.test(html) ? html.replace(/<head[^>]*>/i, (head) => head + target) : target + html;
}
