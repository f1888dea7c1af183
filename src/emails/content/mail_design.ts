import { readableAccent } from '../../platform/web/accent.js';
import { escapeHtml } from '../../engine/text.js';

/** What a mail wears in the brand's frame. */
export interface MailDress {
  brandName: string;
  accent: string;
}

/** The class of the survey's link in the brand's frame: there it is a button. */
export const BUTTON_CLASS = 'mail-button';

/**
 * A text in the brand's frame: one column, system fonts, the survey link as a button, readable in the dark. Documents
 * that bring their own head are left as they are.
 */
export function dressed(html: string, { brandName, accent }: MailDress): string {
  if (isDocument(html)) {
    return html;
  }
  return `<div class="mail-page"><div class="mail"><p class="mail-brand">${escapeHtml(brandName)}</p>
${html}
</div></div>
<style>${styles(readableAccent(accent))}</style>`;
}

export function isDocument(html: string): boolean {
  return /<(html|body|head)[\s>]/i.test(html);
}

function styles(accent: string): string {
  return `
body { margin: 0; }
.mail-page { padding: 16px 0; background: #eef0f4; }
.mail { max-width: 600px; margin: 0 auto; padding: 28px 24px; background: #ffffff; color: #1a2130; font: 16px/1.5 -apple-system, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif; overflow-wrap: anywhere; }
.mail-brand { margin: 0 0 20px; font-size: 18px; font-weight: 700; }
.mail h1 { margin: 0 0 12px; font-size: 22px; line-height: 1.3; }
.mail p { margin: 0 0 14px; }
.mail img { max-width: 100%; height: auto; border: 0; }
.mail blockquote { margin: 0 0 14px; padding: 0 0 0 14px; border-left: 3px solid #dde1e8; }
.mail a { color: ${accent}; }
.mail .${BUTTON_CLASS} { display: inline-block; padding: 13px 26px; border-radius: 6px; background: ${accent}; color: #ffffff; font-weight: 600; text-decoration: none; }
@media (prefers-color-scheme: dark) {
  .mail-page { background: #0e1219 !important; }
  .mail { background: #161b24 !important; color: #e7eaf0 !important; }
  .mail a { color: #a5b4fc !important; }
  .mail a.${BUTTON_CLASS} { color: #ffffff !important; }
}
`;
}
