import { isVague } from '../../mailer/answers/enhanced_codes.js';
import { Headers } from '../../mailer/mime/mime_tree.js';

/** What a delivery report says of one recipient (RFC 3464 §2.3). */
export interface ReportedRecipient {
  action: 'failed' | 'delayed' | 'delivered' | 'relayed' | 'expanded';
  /** Whom the server refused; it may know the recipient by another name than we do. */
  recipient: string;
  /** Whom the mail was sent to, where the server was told so (RFC 3464 §2.3.1); else ''. */
  original: string;
  code: number | undefined;
  enhanced: string | undefined;
  /** The words of the server that refused, without their type (`smtp;`). */
  diagnostic: string;
}

const MOST_RECIPIENTS = 50;
const ACTIONS = new Set(['failed', 'delayed', 'delivered', 'relayed', 'expanded']);
/** What some write for it. */
const ENDS = new Set(['expired', 'failure', 'fail', 'undeliverable', 'bounced', 'rejected']);

/**
 * The recipients of a `message/delivery-status` part: blocks of fields between blank lines, the first about the
 * message. Blocks without an action are judged by their status; servers forget it.
 */
export function readDeliveryStatus(body: string): ReportedRecipient[] {
  return body
    .slice(0, 200_000)
    .split(/\r?\n[ \t]*\r?\n/)
    .slice(0, MOST_RECIPIENTS)
    .map((block) => Headers.read(block.replace(/^\s+/, '')))
    .filter(
      (fields) =>
        fields.has('final-recipient') ||
        fields.has('original-recipient') ||
        fields.has('action') ||
        fields.has('status'),
    )
    .map(reported);
}

function reported(fields: Headers): ReportedRecipient {
  const diagnostic = afterType(fields.text('diagnostic-code') || fields.text('x-supplementary-info'));
  const status = /\b[245]\.\d{1,3}\.\d{1,3}\b/.exec(fields.get('status'))?.[0];
  const { code, enhanced } = codesIn(diagnostic);
  return {
    action: actionOf(fields.get('action'), status ?? enhanced),
    recipient: addressIn(fields.get('final-recipient') || fields.get('original-recipient')),
    original: addressIn(fields.get('original-recipient')),
    code,
    enhanced: telling(status, enhanced),
    diagnostic,
  };
}

function actionOf(told: string, status: string | undefined): ReportedRecipient['action'] {
  const action = /[a-z]+/.exec(told.toLowerCase())?.[0] ?? '';
  if (ACTIONS.has(action)) {
    return action as ReportedRecipient['action'];
  }
  if (ENDS.has(action)) {
    return 'failed';
  }
  return status?.startsWith('4') === true ? 'delayed' : status?.startsWith('2') === true ? 'delivered' : 'failed';
}

/**
 * What the refusing server itself said, unless it says less than whoever reports it: those who pass a refusal on make up a
 * status from its code (RFC 3463 §3.1 to 3.8).
 */
function telling(status: string | undefined, enhanced: string | undefined): string | undefined {
  if (status === undefined || enhanced === undefined) {
    return enhanced ?? status;
  }
  return isVague(enhanced) && !isVague(status) ? status : enhanced;
}

function addressIn(value: string): string {
  return afterType(value).replaceAll(/[<>]/g, '');
}

function afterType(value: string): string {
  const at = value.indexOf(';');
  return (at >= 0 && at < 40 ? value.slice(at + 1) : value).trim();
}

/** The first reply code of a refusal and the enhanced status that belongs to it. */
export function codesIn(text: string): { code: number | undefined; enhanced: string | undefined } {
  const words = text.slice(0, 2000);
  const both = /\b([45]\d\d)[ -]{1,3}(?:[([#]{0,2}([45]\.\d{1,3}\.\d{1,3}))?/.exec(words);
  const enhanced = both?.[2] ?? /(?:^|[\s(#[<:])([45]\.\d{1,3}\.\d{1,3})(?![\d.])/.exec(words)?.[1];
  const code = both?.[1] === undefined || !isReply(words, both) ? undefined : Number(both[1]);
  return { code, enhanced };
}

/** A number in an address or a date is no reply code. */
function isReply(words: string, match: RegExpExecArray): boolean {
  const before = words[match.index - 1] ?? ' ';
  return /[\s<>(:;"'\-[]/.test(before);
}
