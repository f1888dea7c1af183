import { isAutoReply, isFromMachine, isTitledAutoReply } from './auto_reply.js';
import { answeredIn, isFromDaemon, isWordedBounce, readWords } from './bounce_text.js';
import { classify, type Verdict } from '../../mailer/answers/classify.js';
import { withoutTokens } from './own_traces.js';
import { type ReportedRecipient } from './delivery_status.js';
import { reportedIn } from './found_report.js';
import { readSnsNotice } from './sns_notice.js';
import { foreignText, foreignWords } from '../../platform/foreign/foreign_words.js';
import { Headers, type Part, readMail, type ReadMail, textOf } from '../../mailer/mime/mime_tree.js';
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
  const told = reportedAs(mail, text, hasNoSender);
  return told === undefined
    ? { kind: plainKind(mail.headers, hasNoSender), evidence: first }
    : { ...told, evidence: told.evidence === '' ? first : told.evidence };
}

function reportedAs(mail: ReadMail, text: string, hasNoSender: boolean): Report | undefined {
  if (isAboutReport(mail) || isReceipt(mail)) {
    return { kind: 'notice', evidence: '' };
  }
  const isAnswer = isTitledAutoReply(mail.headers) && !isFromDaemon(mail.headers);
  const isBounce = !isAnswer && isWordedBounce(mail.headers, hasNoSender, text);
  return formalIn(mail, text, isBounce) ?? (isBounce ? worded(mail.headers, text) : undefined);
}

function plainKind(headers: Headers, hasNoSender: boolean): ReturnedKind {
  if (isAutoReply(headers)) {
    return 'auto_reply';
  }
  return hasNoSender && isFromMachine(headers) ? 'notice' : 'reply';
}

/** What a machine wrote for machines, in one of the forms that there are. */
function formalIn(mail: ReadMail, text: string, isBounce: boolean): Report | undefined {
  return complaintIn(mail) ?? noticeIn(text) ?? reportIn(mail, text, isBounce) ?? wordedComplaintIn(mail, text);
}

/** That a mail was read, or thrown away unread (RFC 8098). */
function isReceipt({ parts }: ReadMail): boolean {
  return parts.some(({ type }) => type === 'message/disposition-notification');
}

/** What a sending service tells in JSON. */
function noticeIn(text: string): Report | undefined {
  const notice = readSnsNotice(text);
  if (notice === undefined) {
    return undefined;
  }
  const { kind, feedback, recipients } = notice;
  const all = recipients.map(({ recipient, ...told }): Told => ({
    kind,
    ...(feedback === undefined ? {} : { feedback }),
    ...told,
    ...named({ recipient, original: '' }),
  }));
  const [first] = all;
  return first === undefined
    ? { kind: 'notice', evidence: '' }
    : { ...first, ...(all.length === 1 ? {} : { recipients: all }) };
}

/** ARF (RFC 5965), also where a gateway has made plain text of it. Without a type it is taken for what such reports are made for. */
function complaintIn(mail: ReadMail): Told | undefined {
  const part =
    mail.parts.find(({ type }) => type === 'message/feedback-report') ??
    mail.parts.find((one) => one.type === 'text/plain' && FEEDBACK.every((field) => field.test(startOf(one))));
  if (part === undefined) {
    return undefined;
  }
  const body = part.body.toString('utf8');
  const from = part.type === 'text/plain' ? Math.max(0, body.search(FEEDBACK[0]!)) : 0;
  const fields = Headers.read(body.slice(from).replace(/^\s+/, ''));
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

const FEEDBACK = [/^feedback-type:[ \t]*[a-z-]/im, /^user-agent:/im, /^version:/im];

function startOf({ body }: Part): string {
  return body.subarray(0, 16_384).toString('latin1');
}

function wordedComplaintIn(mail: ReadMail, text: string): Told | undefined {
  const told = wordedComplaint(mail, text);
  return told === undefined
    ? undefined
    : { kind: 'complaint', evidence: told.evidence, ...named({ recipient: told.recipient, original: '' }) };
}

/** The machine-readable part of a delivery report; one that failed counts more than those that did not. */
function reportIn(mail: ReadMail, text: string, isBounce: boolean): Report | undefined {
  const recipients = reportedIn(mail, isBounce);
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

function worded(headers: Headers, text: string): Report {
  const { isDelay, recipients, ...whole } = readWords(headers, text);
  const told = ({ recipient, evidence, ...codes }: (typeof recipients)[number]): Told =>
    isDelay
      ? { kind: 'delay', evidence, ...named({ recipient, original: '' }) }
      : bounce({ action: 'failed', recipient, original: '', ...codes, diagnostic: evidence }, answeredIn(text));
  const all = recipients.map(told);
  const [first = told({ recipient: '', ...whole })] = all;
  return all.length < 2 ? first : { ...first, recipients: all };
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
