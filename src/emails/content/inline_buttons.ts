import type { Piece } from '../../mailer/mailer.service.js';
import { escapeHtml } from '../../engine/text.js';
import type { InlineQuestion } from './inline_question.js';

const TEXT = 'margin:0 0 10px;font-weight:600';
const BUTTON =
  'display:block;padding:11px 14px;border:1px solid #9aa3b2;border-radius:6px;background:#ffffff;color:#1a2130;text-decoration:none';
const SCORE =
  'display:block;padding:9px 0;border:1px solid #9aa3b2;border-radius:4px;background:#ffffff;color:#1a2130;text-align:center;text-decoration:none;font-size:14px';

/**
 * In the dark the mail's own rules for links would paint light words on these light buttons. Doubled, the class outweighs them.
 */
const IN_THE_DARK =
  '<style>@media (prefers-color-scheme: dark) { a.mail-choice.mail-choice { background: #232b38 !important; color: #e7eaf0 !important; } }</style>';

/**
 * A question with its choices as links that carry the choice: whoever opens one finds it chosen, and records nothing
 * before pressing Next. Tables and inline styles, because that is what mail programs draw.
 */
export function inlineHtml(question: InlineQuestion, url: Piece): Piece[] {
  const buttons = question.choices.map(({ value, label }) =>
    anchor(question, value, label, url, question.kind === 'nps' ? SCORE : BUTTON),
  );
  return [
    IN_THE_DARK,
    `<p style="${TEXT}">${escapeHtml(question.text)}</p>`,
    ...(question.kind === 'nps' ? scale(buttons, question.ends) : column(buttons)),
  ];
}

/** In plain text each choice has an address of its own. */
export function inlineText(question: InlineQuestion, url: Piece): Piece[] {
  return [
    `${question.text}\n`,
    ...question.choices.flatMap(({ value, label }) => [`- ${label}: `, url, `${queryOf(question, value)}\n`]),
  ];
}

function anchor({ id }: InlineQuestion, value: string, label: string, url: Piece, style: string): Piece[] {
  return [
    `<a class="mail-choice" style="${style}" href="`,
    url,
    `${escapeHtml(queryOf({ id }, value))}">${escapeHtml(label)}</a>`,
  ];
}

function queryOf({ id }: Pick<InlineQuestion, 'id'>, value: string): string {
  return `?Q_Answer=${encodeURIComponent(`${id}:${value}`)}`;
}

const OPEN = '<table role="presentation" cellspacing="0" cellpadding="0" border="0" width="100%"';

function column(buttons: Piece[][]): Piece[] {
  const rows = buttons.flatMap((button): Piece[] => ['<tr><td style="padding:0 0 8px">', ...button, '</td></tr>']);
  return [`${OPEN} style="max-width:420px">`, ...rows, '</table>'];
}

function scale(buttons: Piece[][], [low, high]: [string, string]): Piece[] {
  const cells = buttons.flatMap((button): Piece[] => ['<td style="padding:0 1px">', ...button, '</td>']);
  const ends =
    low === '' && high === ''
      ? ''
      : `<tr><td colspan="6" style="padding:4px 1px;font-size:12px">${escapeHtml(low)}</td><td colspan="5" align="right" style="padding:4px 1px;font-size:12px;text-align:right">${escapeHtml(high)}</td></tr>`;
  return [`${OPEN} style="max-width:460px;table-layout:fixed"><tr>`, ...cells, `</tr>${ends}</table>`];
}
