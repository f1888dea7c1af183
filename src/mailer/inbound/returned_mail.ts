import { isAutoReply, isFromMachine } from './auto_reply.js';
import { answeredIn, isWordedBounce, readWords } from './bounce_text.js';
import { classify, type Verdict } from './classify.js';
import { withoutTokens } from './own_traces.js';
import { readDeliveryStatus, type ReportedRecipient } from './delivery_status.js';
import { foreignText, foreignWords } from '../../platform/foreign_words.js';
import { Headers, type Part, readMail, type ReadMail, textOf } from './mime_tree.js';
import { wordedComplaint } from './worded_complaint.js';

/**
 * - `bounce`: a report that a mail was not delivered, with its verdict
 * - `delay`: it is still tried, or it was delivered, relayed, expanded: nothing changes
 * - `complaint`: its recipient called it spam; `not_spam`: took that back
 * - `auto_reply`: a machine answers for its person
 * - `notice`: any other mail of a machine, a report about a report among them
 * - `reply`: written by somebody
 */
export type ReturnedKind = 'bounce' | 'delay' | 'complaint' | 'not_spam' | 'auto_reply' | 'notice' | 'reply';

/** What a mail that came back says of one recipient. */
export interface Told {
  kind: ReturnedKind;
  /** What it means for the message and its address; with bounces only. */
  verdict?: Verdict;
  code?: number;
  enhanced?: string;
  /** The words of the server that refused, or the first words of the mail. */
  evidence: string;
  /** The address that the report names, and the one that it says it was sent to. */
  recipient?: string;
  original?: string;
  feedback?: string;
}

/** What a mail that came back says; of a report about several the first that failed. */
export interface ReturnedMail extends Told {
  /** All that it says, where it speaks of several recipients. */
  recipients?: Told[];
  from: string;
  subject: string;
  /** The first words, for the page that shows it. */
  excerpt: string;
  isFromMachine: boolean;
}

const EXCERPT = 4000;
/** A mail of ours has one recipient; whom else it was passed on to is not told without end. */
const MOST_RECIPIENTS = 20;

/**
 * Reads a mail that came back to an envelope sender of ours. Never throws, whatever the bytes are. What it gives is ready to
 * be shown: without tokens of ours, and with what nobody sees written out.
 */
export function readReturned(raw: Buffer, sender = ''): ReturnedMail {
  const mail = readMail(raw);
  const text = wordsOf(mail);
  const told = tellOf(mail, text, sender === '');
  return {
    ...showable(told),
    ...(told.recipients === undefined ? {} : { recipients: told.recipients.map(showable) }),
    from: foreignWords(mail.headers.text('from'), 400),
    subject: foreignWords(withoutTokens(mail.headers.text('subject')), 400),
    excerpt: foreignText(withoutTokens(text.trim().slice(0, 2 * EXCERPT)), EXCERPT),
    isFromMachine: told.kind !== 'reply' || isFromMachine(mail.headers),
  };
}

function showable(told: Told): Told {
  const { evidence, recipient, original, feedback } = told;
  return {
    ...told,
    evidence: foreignWords(withoutTokens(evidence)),
    ...(recipient === undefined ? {} : { recipient: foreignWords(recipient, 320) }),
    ...(original === undefined ? {} : { original: foreignWords(original, 320) }),
    ...(feedback === undefined ? {} : { feedback: foreignWords(feedback, 40) }),
  };
}

type Report = Told & Pick<ReturnedMail, 'recipients'>;

function tellOf(mail: ReadMail, text: string, hasNoSender: boolean): Report {
  const first = text.trim().slice(0, 1000).replaceAll(/\s+/g, ' ').slice(0, 300);
  if (isAboutReport(mail)) {
    return { kind: 'notice', evidence: first };
  }
  const complaint = complaintIn(mail);
  const report = complaint ?? reportIn(mail, text) ?? wordedComplaintIn(mail, text);
  if (report !== undefined) {
    return { ...report, evidence: report.evidence === '' ? first : report.evidence };
  }
  if (isWordedBounce(mail.headers, hasNoSender, text)) {
    return worded(mail.headers, text);
  }
  if (isAutoReply(mail.headers)) {
    return { kind: 'auto_reply', evidence: first };
  }
  return { kind: hasNoSender && isFromMachine(mail.headers) ? 'notice' : 'reply', evidence: first };
}

/** ARF (RFC 5965). Without a type it is taken for what such reports are made for. */
function complaintIn(mail: ReadMail): Told | undefined {
  const part = mail.parts.find(({ type }) => type === 'message/feedback-report');
  if (part === undefined) {
    return undefined;
  }
  const fields = Headers.read(part.body.toString('utf8').replace(/^\s+/, ''));
  const feedback = fields.get('feedback-type').toLowerCase() || 'abuse';
  const evidence = `Feedback-Type: ${feedback}; ${fields.get('user-agent') || fields.get('reporting-mta')}`.trim();
  if (feedback === 'not-spam') {
    return { kind: 'not_spam', feedback, evidence };
  }
  const recipient = fields.get('original-rcpt-to').replaceAll(/[<>]/g, '').trim();
  return {
    ...named({ recipient, original: '' }),
    kind: feedback.startsWith('auth-failure') || feedback === 'dmarc' ? 'notice' : 'complaint',
    feedback,
    evidence,
  };
}

function wordedComplaintIn(mail: ReadMail, text: string): Told | undefined {
  const told = wordedComplaint(mail, text);
  return told === undefined
    ? undefined
    : { kind: 'complaint', evidence: told.evidence, ...named({ recipient: told.recipient, original: '' }) };
}

/** The machine-readable part of a delivery report; one that failed counts more than those that did not. */
function reportIn(mail: ReadMail, text: string): Report | undefined {
  const part = mail.parts.find(
    ({ type }) => type === 'message/delivery-status' || type === 'message/global-delivery-status',
  );
  const recipients = part === undefined ? [] : readDeliveryStatus(part.body.toString('utf8'));
  const [first] = recipients;
  if (first === undefined) {
    return undefined;
  }
  const told = (one: ReportedRecipient): Told =>
    one.action === 'failed'
      ? bounce(withWords(one, text, mail.headers), recipients.length === 1 ? answeredIn(text) : undefined)
      : { kind: 'delay', evidence: one.diagnostic.slice(0, 500), ...named(one) };
  const worst = told(recipients.find(({ action }) => action === 'failed') ?? first);
  return recipients.length === 1 ? worst : { ...worst, recipients: recipients.slice(0, MOST_RECIPIENTS).map(told) };
}

function named({ recipient, original }: { recipient: string; original: string }): Pick<Told, 'recipient' | 'original'> {
  return {
    ...(recipient === '' ? {} : { recipient: recipient.slice(0, 320) }),
    ...(original === '' || original === recipient ? {} : { original: original.slice(0, 320) }),
  };
}

/** Reports of some servers carry a bare status; the words stand in the part for people. */
function withWords(failed: ReportedRecipient, text: string, headers: Headers): ReportedRecipient {
  const verdict = classify({ phase: 'report', code: failed.code, enhanced: failed.enhanced, text: failed.diagnostic });
  if (verdict.class !== 'unknown' && failed.diagnostic !== '') {
    return failed;
  }
  const { evidence, code, enhanced } = readWords(headers, text);
  const isBetter = classify({ phase: 'report', code, enhanced, text: evidence }).class !== 'unknown';
  if (!isBetter) {
    return failed;
  }
  const known = verdict.class === 'unknown' ? { code: failed.code ?? code, enhanced: enhanced ?? failed.enhanced } : {};
  return { ...failed, ...known, diagnostic: failed.diagnostic === '' ? evidence : `${failed.diagnostic} ${evidence}` };
}

function worded(headers: Headers, text: string): Told {
  const { isDelay, evidence, code, enhanced } = readWords(headers, text);
  if (isDelay) {
    return { kind: 'delay', evidence };
  }
  return bounce(
    {
      action: 'failed',
      recipient: headers.get('x-failed-recipients'),
      original: '',
      code,
      enhanced,
      diagnostic: evidence,
    },
    answeredIn(text),
  );
}

function bounce(
  { recipient, original, code, enhanced, diagnostic }: ReportedRecipient,
  answered: 'connect' | 'sender' | undefined,
): Told {
  return {
    kind: 'bounce',
    verdict: classify({ phase: 'report', answered, code, enhanced, text: diagnostic }),
    evidence: diagnostic.slice(0, 1000),
    ...(code === undefined ? {} : { code }),
    ...(enhanced === undefined ? {} : { enhanced }),
    ...named({ recipient, original }),
  };
}

/** The mail that came back is a report itself: nobody's mail, and the way of loops. */
function isAboutReport(mail: ReadMail): boolean {
  const original = mail.parts.find(({ type }) => isOriginal(type));
  if (original === undefined || !mail.type.startsWith('multipart/')) {
    return false;
  }
  const headers = Headers.read(
    original.body
      .subarray(0, 65_536)
      .toString('latin1')
      .split(/\r?\n\r?\n/)[0] ?? '',
  );
  return (
    /^multipart\/report/i.test(headers.get('content-type')) || /^auto-replied/i.test(headers.get('auto-submitted'))
  );
}

function isOriginal(type: string): boolean {
  return type === 'message/rfc822' || type === 'text/rfc822-headers' || type === 'message/global';
}

/** What people read: the first text part, else the first HTML part. */
function wordsOf(mail: ReadMail): string {
  const isText = ({ type }: Part): boolean => type === 'text/plain';
  const part =
    mail.parts.find(isText) ??
    mail.parts.find(({ type }) => type === 'text/html') ??
    mail.parts.find(({ type }) => type.startsWith('multipart/')); // its boundary is missing
  return part === undefined ? '' : textOf(part);
}
