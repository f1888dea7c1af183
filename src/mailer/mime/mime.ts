import { folded, mailboxHeader, oneLine, phrase, textHeader } from './headers.js';
import { requireAddress } from '../mail_address.js';
import type { Mailbox } from '../mail_address.js';
import { bodiesOf, type BodyParts, EncodedBody, htmlEscaped } from './mail_body.js';
import type { Piece } from './mail_body.js';
import { MailRefused } from '../mail_refused.js';
import { fromQuotedPrintable } from './quoted_printable.js';

/** What all mails of one sending share. Texts come in pieces, their placeholders already told from constant text. */
export interface MailTemplate {
  from: Mailbox;
  /** The name beside the address where it differs by recipient; in place of `from.name`. */
  fromName?: Piece[];
  replyTo?: Mailbox;
  subject: Piece[];
  html: Piece[];
  /** The plain-text part; without one it is made from the HTML. */
  text?: Piece[];
  /** BCP 47; the language of the document when the HTML is a fragment. */
  language?: string;
  listId?: { name: string; id: string };
  /** `distribution:brand:kind:sender`, opaque ids only (Gmail). */
  feedbackId?: string;
  /** Where abuse is reported, a http(s) address. */
  reportAbuse?: string;
  /** Mails that a system sends on its own to its users, not invitations (RFC 3834). */
  isSystemMail?: boolean;
}

/** What one recipient brings. */
export interface Recipient {
  to: Mailbox;
  /** `<…@…>`, fixed at planning: the same in every attempt. */
  messageIdHeader: string;
  /** Fixed at planning too. */
  date: Date;
  /** Plain text for each slot; escaped here for the HTML part. */
  values: readonly string[];
  unsubscribe?: { url: string; mailto?: string };
}

/** RFC 5322 §2.1.1: no line, and with it no subject that can't be folded, is longer. */
const SUBJECT_LIMIT = 998;

/**
 * A template with everything done that is the same for all recipients: styles inlined, text part made, headers built,
 * bodies quoted-printable. Rendering one costs microseconds; building each mail anew costs nodemailer 1.5 ms.
 */
export class CompiledMail {
  /** The From address as it goes on the wire. */
  readonly from: string;
  /** Domain of the From address, in ASCII: Message-IDs of these mails are on it. */
  readonly fromDomain: string;
  private readonly headers: string;
  private readonly subject: Piece[];
  private readonly fromName: Piece[] | undefined;
  private readonly html: EncodedBody;
  private readonly text: EncodedBody;

  /**
   * @param bodies of this very template, where they were made elsewhere
   * @throws {MailRefused} when an address or header of the template can't be sent
   */
  constructor(template: MailTemplate, bodies = bodiesOf(bodyPartsOf(template))) {
    this.headers = sharedHeaders(template);
    this.from = requireAddress(template.from.address);
    this.fromDomain = this.from.split('@').at(-1) ?? '';
    this.subject = template.subject;
    this.fromName = template.fromName;
    this.html = new EncodedBody(bodies.html, htmlEscaped);
    this.text = new EncodedBody(bodies.text, (value) => value);
  }

  /**
   * The whole mail of one recipient, CRLF line ends. The same input gives the same bytes.
   * @throws {MailRefused} when this recipient's values can't be a mail
   */
  render(recipient: Recipient): Buffer {
    const boundary = boundaryOf(recipient.messageIdHeader);
    const mail =
      `${this.headers}${this.ownHeaders(recipient)}Content-Type: multipart/alternative;\r\n boundary="${boundary}"\r\n` +
      `\r\n--${boundary}\r\n${part('plain')}${this.text.fill(recipient.values)}` +
      `\r\n--${boundary}\r\n${part('html')}${this.html.fill(recipient.values)}\r\n--${boundary}--\r\n`;
    return Buffer.from(mail);
  }

  /** The HTML part of one recipient as programs read it, and how many bytes of the mail it takes. */
  htmlPart(values: readonly string[]): { html: string; bytes: number } {
    const encoded = this.html.fill(values);
    return { html: fromQuotedPrintable(encoded), bytes: encoded.length };
  }

  private ownHeaders({ to, messageIdHeader, date, values, unsubscribe }: Recipient): string {
    return (
      this.ownFrom(values) +
      mailboxHeader('To', to) +
      textHeader('Subject', this.subjectOf(values)) +
      `Date: ${date.toUTCString().replace('GMT', '+0000')}\r\n` +
      `Message-ID: ${messageIdHeader}\r\n` +
      (unsubscribe ? unsubscribeHeaders(unsubscribe) + this.abuseHeader(unsubscribe.url) : '')
    );
  }

  /** Empty where the name is the same for all, whose From stands with the other headers. */
  private ownFrom(values: readonly string[]): string {
    if (this.fromName === undefined) return '';
    return mailboxHeader('From', { name: nameFrom(this.fromName, values), address: this.from });
  }

  /** Who was written to against their will can say so where they can stop it. */
  private abuseHeader(url: string): string {
    return this.headers.includes('X-Report-Abuse:') ? '' : folded('X-Report-Abuse', `<${webAddress(url)}>`);
  }

  private subjectOf(values: readonly string[]): string {
    const text = this.subject.map((piece) => (typeof piece === 'string' ? piece : (values[piece.slot] ?? ''))).join('');
    if (text.length > SUBJECT_LIMIT) {
      throw new MailRefused(`The subject has ${text.length} characters; a mail carries ${SUBJECT_LIMIT} at most`);
    }
    return oneLine(text);
  }
}

/** Characters of a name that is put together for a recipient; what is longer is cut off. */
const NAME_LIMIT = 100;

/** Signs that turn the direction of writing around: a name shows as another one. */
const TURNS = /[\u202a-\u202e\u2066-\u2069]/g;

/** A value that reads like an address is left out: beside a From address it would deceive. */
function nameFrom(pieces: readonly Piece[], values: readonly string[]): string {
  const parts = pieces.map((piece) => (typeof piece === 'string' ? piece : named(values[piece.slot] ?? '')));
  return Array.from(oneLine(parts.join('').replaceAll(TURNS, '')))
    .slice(0, NAME_LIMIT)
    .join('');
}

function named(value: string): string {
  return /[@<>]/.test(value.normalize('NFKC')) ? '' : value.slice(0, NAME_LIMIT);
}

/** What the bodies of a template are made from. */
export function bodyPartsOf({ html, text, language = '' }: MailTemplate): BodyParts {
  return { html, ...(text ? { text } : {}), language: /^[a-zA-Z0-9-]+$/.test(language) ? language : 'en' };
}

function sharedHeaders(template: MailTemplate): string {
  const { listId, feedbackId, reportAbuse } = template;
  return (
    (template.fromName === undefined ? mailboxHeader('From', template.from) : '') +
    (template.replyTo ? mailboxHeader('Reply-To', template.replyTo) : '') +
    (listId ? `List-Id: ${phrase(oneLine(listId.name))}\r\n <${token(listId.id)}>\r\n` : '') +
    (feedbackId === undefined ? '' : folded('Feedback-ID', token(feedbackId))) +
    (reportAbuse === undefined ? '' : folded('X-Report-Abuse', `<${webAddress(reportAbuse)}>`)) +
    (template.isSystemMail === true ? 'Auto-Submitted: auto-generated\r\n' : '') +
    'MIME-Version: 1.0\r\n'
  );
}

function unsubscribeHeaders({ url, mailto }: { url: string; mailto?: string }): string {
  const mail = mailto === undefined ? '' : `,\r\n <mailto:${requireAddress(mailto)}?subject=unsubscribe>`;
  return `List-Unsubscribe: <${webAddress(url)}>${mail}\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n`;
}

function part(kind: 'plain' | 'html'): string {
  return `Content-Type: text/${kind}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n`;
}

/** "=_" can't occur in quoted-printable, so the boundary needs no look into the bodies to be unique (RFC 2045 §6.7). */
function boundaryOf(messageIdHeader: string): string {
  if (!/^<[\w.!#$%&'*+/=?^`{|}~-]+@[a-z0-9.-]+>$/i.test(messageIdHeader) || messageIdHeader.length > 250) {
    throw new MailRefused(`"${messageIdHeader.slice(0, 100)}" is not a Message-ID`);
  }
  return `=_${messageIdHeader.slice(1, messageIdHeader.indexOf('@')).replace(/[^a-z0-9]/gi, '')}`.slice(0, 70);
}

function token(text: string): string {
  if (!/^[\w.:@-]{1,200}$/.test(text)) throw new MailRefused(`"${text.slice(0, 100)}" can't stand in a header`);
  return text;
}

function webAddress(url: string): string {
  if (!/^https?:\/\/[\x21-\x3b\x3d\x3f-\x7e]{1,900}$/.test(url)) {
    throw new MailRefused(`"${url.slice(0, 100)}" is not a web address`);
  }
  return url;
}
