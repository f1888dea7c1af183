import { MAIL_BOUNDS, mailFault, placeholdersFault } from '../../platform/web/html/mail_bounds.js';
import { decodeHTML } from 'entities';
import { withoutTags } from '../../engine/text.js';
import type { Finding } from '../../planning/finding.js';
import type { MailWords } from '../content/mail_content.entity.js';
import { hasMismatchedLink, picturesIn } from './mail_marks.js';
import { cleanMailHtml } from '../content/mail_html.js';
import { MailPlaceholders } from '../content/mail_placeholders.js';
import { meantBy, strayPlaceholders } from './misspelt.js';
import { tidy } from '../content/postal_address.js';

export const MAX_SUBJECT = 300;
export const MAX_BODY = MAIL_BOUNDS.characters;
/** Some mail programs cut messages off a little behind this (Gmail at 102 kB), and with them the opt-out link. */
const CLIPPED_AT = 100_000;
/** Mail programs on desks show so much of a subject. */
const SHOWN_SUBJECT = 78;
/** Nobody reads of more at once, and each is compared with all that might be meant. */
const MOST_TOLD = 20;
const TOLD_CHARACTERS = 200;
/** Below this a mail with pictures is hardly more than a picture. */
const FEW_WORDS = 200;

const LOUD = [
  /\b(100 ?% free|act now|click here|earn money|free money|guaranteed|no obligation|risk[- ]free|winner)\b/i,
  /[!?]{2,}|[$€£]{2,}/,
];

/** What words are judged by. */
interface Yardstick {
  /** The brand's. */
  postalAddress: string;
  /** Of the HTML part as it is sent: filled, styles put in, encoded. Undefined where nobody knows. */
  sentBytes?: number | undefined;
}

/** What can be said of a mail's words by looking at them alone. */
export function contentFindings(words: MailWords, { postalAddress, sentBytes = 0 }: Yardstick): Finding[] {
  const sizes = [
    ...sizeFindings(words),
    ...warningIf('large_body', sentBytes >= CLIPPED_AT, { size: Math.ceil(sentBytes / 1000) }),
  ];
  return [
    ...subjectLine(words),
    ...placeholders(words),
    ...sizes,
    // What is too large is neither cleaned nor looked through.
    ...(sizes.some(({ level }) => level === 'error') ? [] : looks(words, postalAddress)),
  ];
}

/** Line ends in what becomes a header would be somebody's attempt to add another one (RFC 5322 §2.2). */
export function headerFindings(headers: Record<string, string>): Finding[] {
  const broken = Object.entries(headers).filter(([, value]) => hasLineEnd(value));
  return broken.length === 0
    ? []
    : [{ code: 'CVS21', level: 'error', values: { fields: broken.map(([name]) => name).join(', ') } }];
}

/** Control characters end lines, or end up as nothing; neither belongs into a header. */
export function hasLineEnd(text: string): boolean {
  return /[\p{Cc}\u2028\u2029]/u.test(text.replaceAll('\t', ' '));
}

function subjectLine({ subject }: MailWords): Finding[] {
  const { length } = subject.trim();
  const isShouting = /\p{Lu}{4}/u.test(subject) && subject === subject.toUpperCase();
  return [
    ...errorIf('CVS08', length === 0),
    ...errorIf('CVS22', length > MAX_SUBJECT, { length, most: MAX_SUBJECT }),
    ...warningIf('long_subject', length > SHOWN_SUBJECT && length <= MAX_SUBJECT, { length }),
    ...warningIf('spam_hints', isShouting || LOUD.some((sign) => sign.test(subject))),
  ];
}

function placeholders({ subject, preheader, bodyHtml, bodyText }: MailWords): Finding[] {
  const parsed = new MailPlaceholders();
  parsed.html(bodyHtml);
  [subject, preheader, bodyText].forEach((text) => parsed.text(text));
  const stray = strayPlaceholders([subject, preheader, readText(bodyHtml), addressesOf(bodyHtml), bodyText].join('\n'));
  const unknown = [...parsed.unknown].slice(0, MOST_TOLD).map(withMeaning);
  return [
    ...errorIf('CVS07', unknown.length > 0, { unknown: unknown.join(', ') }),
    ...warningIf('stray_placeholder', stray.length > 0, {
      stray: stray.slice(0, MOST_TOLD).map(withMeaning).join(', '),
    }),
  ];
}

/** What people read, formatting left out: a placeholder may be half bold. */
function readText(html: string): string {
  return decodeHTML(withoutTags(html.replaceAll(/<style[\s\S]*?<\/style>|<!--[\s\S]*?-->/gi, ' ')));
}

/** Placeholders of others stand in links, too. */
function addressesOf(html: string): string {
  return Array.from(html.matchAll(/\s(?:href|src)\s*=\s*["']([^"']{1,500})["']/gi), ([, address = '']) =>
    decodeHTML(address),
  )
    .filter((address) => !address.startsWith('#'))
    .join('\n');
}

function withMeaning(written: string): string {
  const meant = meantBy(written);
  const told = written.length > TOLD_CHARACTERS ? `${written.slice(0, TOLD_CHARACTERS).toWellFormed()}…` : written;
  return meant === undefined ? told : `${told} (${meant}?)`;
}

/** Why a mail of these words is not put together. */
export function sizeFindings({ bodyHtml, bodyText }: MailWords): Finding[] {
  const isTooLarge = bodyHtml.length > MAX_BODY || bodyText.length > MAX_BODY;
  const fault = isTooLarge ? undefined : (mailFault(bodyHtml) ?? placeholdersFault(bodyText));
  return [
    ...errorIf('CVS23', isTooLarge, { most: MAX_BODY.toLocaleString('en') }),
    ...errorIf('CVS24', fault !== undefined, { why: fault ?? '' }),
  ];
}

function looks({ bodyHtml }: MailWords, postalAddress: string): Finding[] {
  const clean = cleanMailHtml(bodyHtml);
  const pictures = picturesIn(clean);
  const text = tidy(clean);
  return [
    ...warningIf('no_postal_address', postalAddress.trim() === ''),
    ...warningIf('few_words', pictures.length > 0 && text.length < FEW_WORDS * pictures.length && text.length < 1000),
    ...warningIf(
      'no_alt',
      pictures.some(({ alt }) => alt.trim() === ''),
      {
        count: pictures.filter(({ alt }) => alt.trim() === '').length,
      },
    ),
    ...warningIf('link_mismatch', hasMismatchedLink(clean)),
    ...warningIf('removed_html', losesMarkup(bodyHtml, clean)),
  ];
}

/** Whether cleaning took something away that its author would miss. */
function losesMarkup(written: string, clean: string): boolean {
  const harmful = /<(script|iframe|form|input|button|object|embed|svg|video|link)[\s>/]|\son\w+\s*=|javascript:/i;
  return harmful.test(written) && !harmful.test(clean);
}

function errorIf(code: string, isSo: boolean, values: Record<string, string | number> = {}): Finding[] {
  return isSo ? [{ code, level: 'error', values }] : [];
}

function warningIf(code: string, isSo: boolean, values: Record<string, string | number> = {}): Finding[] {
  return isSo ? [{ code, level: 'warning', values }] : [];
}
