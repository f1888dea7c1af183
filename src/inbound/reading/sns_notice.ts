import { classify, type Verdict } from '../../mailer/answers/classify.js';
import { codesIn } from './delivery_status.js';

/** One recipient of a notice that a sending service writes in JSON, by whatever topic it came. */
export interface NotedRecipient {
  recipient: string;
  evidence: string;
  verdict?: Verdict;
  code?: number;
  enhanced?: string;
}

export interface SnsNotice {
  kind: 'bounce' | 'complaint' | 'not_spam' | 'delay' | 'notice';
  feedback?: string;
  recipients: NotedRecipient[];
}

type Json = Readonly<Record<string, unknown>>;

const MOST = 20;

/** What Amazon SES calls a bounce where the server's own words are missing. */
const SUBTYPES: Readonly<Record<string, string>> = {
  noemail: '5.1.1 mailbox does not exist',
  mailboxfull: '5.2.2 mailbox full',
  messagetoolarge: '5.3.4 message too large',
  contentrejected: '5.6.0 the content was not taken',
  attachmentrejected: '5.6.0 the attachment was not taken',
  suppressed: '5.1.1 the service keeps it as an invalid address',
};

/**
 * Notices of Amazon SES, which its topics (SNS) mail as JSON with a few words of their own behind it:
 * https://docs.aws.amazon.com/ses/latest/dg/notification-contents.html
 */
export function readSnsNotice(text: string): SnsNotice | undefined {
  const notice = noticeIn(text);
  const kind = wordIn(notice, 'notificationType') || wordIn(notice, 'eventType');
  switch (kind.toLowerCase()) {
    case 'bounce':
      return { kind: 'bounce', recipients: bounced(under(notice, 'bounce')) };
    case 'complaint':
      return complained(under(notice, 'complaint'));
    case 'delivery':
      return { kind: 'delay', recipients: delivered(under(notice, 'delivery')) };
    case 'deliverydelay':
      return { kind: 'delay', recipients: delivered(under(notice, 'deliveryDelay')) };
    case '':
      return undefined;
    default:
      return { kind: 'notice', recipients: [] };
  }
}

/** Only what looks like one is read as JSON; long lines may have been broken on the way. */
function noticeIn(text: string): Json | undefined {
  const from = text.indexOf('{');
  const to = text.lastIndexOf('}');
  if (from < 0 || from > 2000 || to < from || !/"(?:notificationType|eventType|Message)"/.test(text.slice(0, 20_000))) {
    return undefined;
  }
  const source = text.slice(from, to + 1);
  const read = parsed(source) ?? parsed(source.replaceAll(/!?\r?\n[ \t]?/g, ''));
  const inner = wordIn(read, 'Message');
  return inner === '' ? read : parsed(inner);
}

function parsed(source: string): Json | undefined {
  try {
    return asObject(JSON.parse(source));
  } catch {
    return undefined; // words with braces
  }
}

function bounced(bounce: Json | undefined): NotedRecipient[] {
  const subtype = SUBTYPES[wordIn(bounce, 'bounceSubType').toLowerCase()] ?? '';
  return listIn(bounce, 'bouncedRecipients').map((one) => {
    const text = wordIn(one, 'diagnosticCode').replace(/^[\w-]{1,20}\s*;\s*/, '') || subtype;
    const told = codesIn(text);
    const status = /^[45]\.\d{1,3}\.\d{1,3}$/.exec(wordIn(one, 'status'))?.[0];
    const enhanced = told.enhanced ?? status;
    return {
      recipient: wordIn(one, 'emailAddress'),
      evidence: text,
      verdict: classify({ phase: 'report', code: told.code, enhanced, text }),
      ...(told.code === undefined ? {} : { code: told.code }),
      ...(enhanced === undefined ? {} : { enhanced }),
    };
  });
}

function complained(complaint: Json | undefined): SnsNotice {
  const feedback = wordIn(complaint, 'complaintFeedbackType').toLowerCase() || 'abuse';
  const recipients = listIn(complaint, 'complainedRecipients').map((one) => ({
    recipient: wordIn(one, 'emailAddress'),
    evidence: `complaintFeedbackType: ${feedback}`,
  }));
  return { kind: feedback === 'not-spam' ? 'not_spam' : 'complaint', feedback, recipients };
}

function delivered(delivery: Json | undefined): NotedRecipient[] {
  const evidence = wordIn(delivery, 'smtpResponse') || wordIn(delivery, 'delayType');
  const listed = delivery?.['recipients'] ?? delivery?.['delayedRecipients'];
  return (Array.isArray(listed) ? listed : []).slice(0, MOST).map((one: unknown) => ({
    recipient: typeof one === 'string' ? one : wordIn(asObject(one), 'emailAddress'),
    evidence,
  }));
}

function asObject(value: unknown): Json | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : undefined;
}

function under(notice: Json | undefined, name: string): Json | undefined {
  return asObject(notice?.[name]);
}

function wordIn(object: Json | undefined, name: string): string {
  const value = object?.[name];
  return typeof value === 'string' ? value : '';
}

function listIn(object: Json | undefined, name: string): Json[] {
  const value: unknown = object?.[name];
  return (Array.isArray(value) ? (value as unknown[]) : []).slice(0, MOST).flatMap((one) => {
    const found = asObject(one);
    return found === undefined ? [] : [found];
  });
}
