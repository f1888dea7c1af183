import { isFromMachine } from './auto_reply.js';
import { Headers, type ReadMail } from '../../mailer/mime/mime_tree.js';

/** A complaint without the part that machines read. */
export interface WordedComplaint {
  evidence: string;
  /** Whom the provider says that the mail was for; '' where it does not. */
  recipient: string;
}

/** What comes before RFC 5965, beside it, and of it when a gateway has made plain text of a report. */
const SUBJECT = /^complaint about message from\b/i;
const WORDS =
  /\bthis is an? (?:(?:e-?mail|spam|automated|automatic) ){0,3}(?:abuse|spam|complaint|feedback)[ -](?:report|complaint|notification)\b/i;
const DESKS =
  /(?:^|[<\s"])(?:abuse|arf|complaints?|fbl|feedback(?:-?loop)?|jmrp|spam(?:-?reports?)?|staff)[^<>\s@]{0,40}@/i;
/** What that provider writes into it, with its user or without. */
const MARKED = 'x-hmxmr';
/** The header by which one large provider names its user in the mail that it gives back. */
const NAMED = 'x-hmxmroriginalrecipient';

/**
 * Complaints of providers that do not write ARF (RFC 5965), or whose report lost its second part on the way. What a person
 * writes stays a reply, however angry.
 */
export function wordedComplaint(mail: ReadMail, text: string): WordedComplaint | undefined {
  const { headers } = mail;
  const original = givenBack(mail);
  const isOfOriginal = original !== undefined && (isTitled(mail) || isWorded(text) || bearsMarks(original));
  return isOfOriginal || isMarked(mail) || (isWorded(text) && isOfDesk(mail))
    ? {
        evidence: headers.text('subject').slice(0, 300),
        recipient: original?.get(NAMED).replaceAll(/[<>]/g, '').trim() ?? '',
      }
    : undefined;
}

function isTitled({ headers }: ReadMail): boolean {
  return SUBJECT.test(headers.text('subject'));
}

function bearsMarks(original: Headers): boolean {
  return original.all().some(([name]) => name.startsWith(MARKED));
}

function isMarked({ headers, type, parameters }: ReadMail): boolean {
  const isReport = type === 'multipart/report' && parameters.get('report-type')?.toLowerCase() === 'feedback-report';
  return isReport || headers.has('x-arf') || headers.has('x-xarf');
}

function isWorded(text: string): boolean {
  return WORDS.test(text.slice(0, 1000).replaceAll(/\s+/g, ' '));
}

function isOfDesk({ headers }: ReadMail): boolean {
  return isFromMachine(headers) || DESKS.test(headers.text('from').slice(0, 400));
}

/** The header of the mail that is complained about. */
function givenBack({ parts }: ReadMail): Headers | undefined {
  const part = parts.find(({ type }) => type === 'message/rfc822' || type === 'text/rfc822-headers');
  const head = part?.body.subarray(0, 65_536).toString('latin1').trimStart();
  return head === undefined ? undefined : Headers.read(head.split(/\r?\n\r?\n/)[0] ?? '');
}
