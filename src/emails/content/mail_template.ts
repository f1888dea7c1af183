import { MailTooLarge, type MailTemplate, type Piece } from '../../mailer/mailer.service.js';
import { mailFault, placeholdersFault } from '../../platform/web/html/mail_bounds.js';
import { mayPipe } from '../../engine/piping.js';
import type { MailContent, MailWords } from './mail_content.entity.js';
import type { InlineQuestion } from './inline_question.js';
import { BUTTON_CLASS, dressed, type MailDress } from './mail_design.js';
import { cleanMailHtml } from './mail_html.js';
import { MailPlaceholders } from './mail_placeholders.js';
import { postalHtml, postalLines } from './postal_address.js';

/** Who a mail is from and how it looks; the same in all its languages. */
export type MailHead = Pick<MailContent, 'fromName' | 'fromEmail' | 'replyTo' | 'design'>;

/** What a mail is made with beside its words. */
export interface MailSurroundings {
  dress: MailDress;
  /** The brand's; printed under every mail that does not say it itself. */
  postalAddress?: string;
  /** The survey's first question, where the mail asks for it and the survey has one that fits. */
  inline?: InlineQuestion | undefined;
  /** Whether an invisible picture tells that the mail was opened. */
  tellsOpening?: boolean;
}

const NO_TEXT_BEFORE = 'display:none;max-height:0;max-width:0;overflow:hidden;opacity:0;mso-hide:all';

/**
 * A mail's words as the mailer takes them, with its placeholders told from constant text.
 * @throws {MailTooLarge} for words beyond the bounds of mails, such as were kept before there were any
 */
export function templateOf(
  head: MailHead,
  words: MailWords,
  language: string,
  around: MailSurroundings,
): { template: MailTemplate; placeholders: MailPlaceholders } {
  const placeholders = new MailPlaceholders(around.inline);
  const { fromName, fromEmail, replyTo, design } = head;
  mustBeWithinBounds(words);
  const clean = cleanMailHtml(words.bodyHtml);
  const isDressed = design === 'brand';
  const whole = withPostalAddress(clean, around.postalAddress ?? '');
  const html = placeholders.html(isDressed ? dressed(whole, around.dress) : whole, isDressed ? BUTTON_CLASS : '');
  const template: MailTemplate = {
    from: { name: fromName, address: fromEmail },
    ...(mayPipe(fromName) ? { fromName: placeholders.text(fromName) } : {}),
    ...(replyTo === '' ? {} : { replyTo: { address: replyTo } }),
    subject: placeholders.text(words.subject),
    html: withPicture(withPreheader(html, words.preheader, placeholders), placeholders, around.tellsOpening === true),
    ...(words.bodyText === '' ? {} : { text: textOf(words.bodyText, placeholders, around.postalAddress ?? '') }),
    ...(language === '' ? {} : { language }),
  };
  return { template, placeholders };
}

function mustBeWithinBounds({ bodyHtml, bodyText }: MailWords): void {
  const fault = mailFault(bodyHtml) ?? placeholdersFault(bodyText);
  if (fault !== undefined) {
    throw new MailTooLarge(`The message is too large to be put together. ${fault}`);
  }
}

/** Where the document ends, inside the brand's frame, or behind everything. */
function withPostalAddress(clean: string, postalAddress: string): string {
  const lines = postalLines(clean, postalAddress);
  if (lines === undefined) {
    return clean;
  }
  const end = /<\/body>|<\/html>/i.exec(clean)?.index ?? clean.length;
  return clean.slice(0, end) + postalHtml(lines) + clean.slice(end);
}

function textOf(bodyText: string, placeholders: MailPlaceholders, postalAddress: string): Piece[] {
  const lines = postalLines(bodyText, postalAddress);
  return [...placeholders.text(bodyText), ...(lines === undefined ? [] : [`\n\n${lines.join('\n')}\n`])];
}

/** The line that mail programs show beside the subject; the mail itself does not show it. */
function withPreheader(html: Piece[], preheader: string, placeholders: MailPlaceholders): Piece[] {
  return preheader === ''
    ? html
    : inserted(html, /<body(?:\s[^<>]*)?>/i, 'after', [
        `<div class="preheader" style="${NO_TEXT_BEFORE}">`,
        ...placeholders.plainInHtml(preheader),
        '</div>',
      ]);
}

function withPicture(html: Piece[], placeholders: MailPlaceholders, isWanted: boolean): Piece[] {
  return isWanted
    ? inserted(html, /<\/body>/i, 'before', ['<img src="', placeholders.openUrl(), '" width="1" height="1" alt="">'])
    : html;
}

/** Puts pieces beside the first match; without one in front of everything, or behind it. */
function inserted(html: Piece[], mark: RegExp, side: 'before' | 'after', more: Piece[]): Piece[] {
  const place = html.findIndex((piece) => typeof piece === 'string' && mark.test(piece));
  const text = html[place];
  const match = typeof text === 'string' ? mark.exec(text) : null;
  if (typeof text !== 'string' || match === null) {
    return side === 'after' ? [...more, ...html] : [...html, ...more];
  }
  const cut = side === 'after' ? match.index + match[0].length : match.index;
  return [...html.slice(0, place), text.slice(0, cut), ...more, text.slice(cut), ...html.slice(place + 1)];
}
