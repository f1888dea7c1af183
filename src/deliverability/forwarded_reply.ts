import type { ReplyContent } from '../inbound/reading/reply_content.js';
import { SafeHtml } from '../platform/web/html/safe_html.js';
import type { Say } from '../platform/web/words.js';
import { escapeHtml } from '../engine/text.js';
import type { Carried } from './reply_forwarding.sql.js';

/** A reply as its author's mail program shows it: who wrote, what, and which files stayed behind and why. */
export function forwardedHtml(
  { from, content, carried }: { from: string; content: ReplyContent; carried: Carried },
  say: Say,
): string {
  const { answerTo, text, html } = content;
  const body =
    carried === 'text' || html === undefined ? escapeHtml(text).replaceAll('\n', '<br>') : SafeHtml.of(html).text;
  return `<p>${escapeHtml(say('forwarding.intro', { from }))}</p><blockquote>${body}</blockquote>${filesHtml(content, carried, say)}
    <p>${escapeHtml(say(answerTo === undefined ? 'forwarding.noAnswer' : 'forwarding.answer'))}</p>`;
}

function filesHtml({ attachments, leftOut }: ReplyContent, carried: Carried, say: Say): string {
  const unasked = carried === 'files' ? [] : attachments.map(({ name }) => ({ name, why: 'choice' }));
  const lines = [...unasked, ...leftOut].map(
    ({ name, why }) => `<li>${escapeHtml(say(`forwarding.leftOut.${why}`, { name }))}</li>`,
  );
  return lines.length === 0 ? '' : `<p>${escapeHtml(say('forwarding.leftOutTitle'))}</p><ul>${lines.join('')}</ul>`;
}
