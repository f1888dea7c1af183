import { classify } from '../../mailer/answers/classify.js';
import { codesIn } from './delivery_status.js';
import type { Headers } from '../../mailer/mime/mime_tree.js';
import { namedRecipients } from './named_recipients.js';

/** What a report in free words says about why, cut out of the rest. */
interface Reason {
  code: number | undefined;
  enhanced: string | undefined;
  evidence: string;
}

/** A bounce in free words. */
export interface WordedBounce extends Reason {
  isDelay: boolean;
  /** Whom it names, with what it says of each. */
  recipients: (Reason & { recipient: string })[];
}

const DAEMONS =
  /mailer[-_ ]?daemon|postmaster|mail delivery (?:sub)?system|mail administrator|mdaemon|microsoft exchange|system administrator|delivery subsystem|mail system|mail-?er\b|mailsystem|noreply@.*bounce/i;
const SUBJECTS =
  /undeliver|not deliver|non[- ]?deliver|delivery (?:status|fail|has failed|problem|error|report|notification|incomplete)|deliver(?:y|ed)? fail|failed (?:mail|message|delivery)|failure (?:notice|notif|delivery)|mail (?:delivery|could not|failure|error|system error)|returned (?:mail|to sender|message)|message (?:could not|undelivered|not delivered|delivery)|unzustellbar|nicht zugestellt|nicht (?:aus)?geliefert|nicht zustellbar|zustellung|non remis|échec de la remise|impossible de remettre|no se (?:puede|pudo) entregar|no entregado|mancata consegna|impossibile recapitare|non recapitabile|não (?:foi )?entregue|falha na entrega|onbestelbaar|niet bezorgd|nie dostarczono|niedostarczon|не доставлен|недоставлен|配信不能|送信できません|无法投递|退信|無法傳遞|bounce|user unknown|address not found|delivery to the following/i;
const DELAYS =
  /delay|warning: could not send|warning: message .{0,60}(?:undelivered|still)|still (?:being )?(?:retried|trying)|will (?:be retried|keep trying|continue to (?:try|be))|verzögert|retard[ée]|demorad|ritardat|temporarily undeliver|not yet been delivered|could not be delivered (?:yet|for)|do not need to resend|warning only/i;
const ENDED =
  /final|giving up|given up|gave up|permanent|failed permanently|no further attempts|has been returned|returned to you|expired/i;
/** Where the words end and the mail that came back begins. */
const RETURNED =
  /^[ \t]*(?:-{2,}.{0,20}(?:below this line|original (?:message|mail)|this is a copy|returned (?:message|mail)|message header|unsent message|undelivered message|forwarded message|enclosed|headers? follow|ursprüngliche|message d'origine|copy of).{0,80}|original message headers?:.{0,40}|-{3,} message headers? follow.{0,40}|return-path:.{0,300}|received: from .{0,300})$/im;

const ANSWER = /^\s*(?:re|aw|antw|sv|rv|odp|ynt)\s*:/i;

export function isFromDaemon(headers: Headers): boolean {
  return DAEMONS.test(headers.text('from').slice(0, 400));
}

/** Whether a mail without a machine-readable report is still one. */
export function isWordedBounce(headers: Headers, hasNoSender: boolean, text: string): boolean {
  const subject = headers.text('subject').slice(0, 400);
  if (
    headers.has('x-failed-recipients') ||
    headers.has('x-mlserver') ||
    /this is the qmail-send program|this is the mail(?:er| delivery)/i.test(text.slice(0, 600))
  ) {
    return true;
  }
  return SUBJECTS.test(subject) && !ANSWER.test(subject)
    ? isFromDaemon(headers) || hasNoSender
    : isFromDaemon(headers) && hasNoSender;
}

export function readWords(headers: Headers, text: string): WordedBounce {
  const words = beforeOriginal(text);
  const evidence = reasonIn(words);
  const subject = headers.text('subject');
  const isDelay = DELAYS.test(subject) || (DELAYS.test(words.slice(0, 3000)) && !ENDED.test(words.slice(0, 3000)));
  const whole = { ...codesIn(evidence), evidence };
  return { isDelay, ...whole, recipients: recipientsIn(headers, words, whole) };
}

/** Whom the header names, then whom the words name; one who has a paragraph of his own is judged by that. */
function recipientsIn(headers: Headers, words: string, whole: Reason): WordedBounce['recipients'] {
  const failed = headers
    .get('x-failed-recipients')
    .slice(0, 4000)
    .split(/[\s,;]+/);
  const named = namedRecipients(words);
  const first = failed.filter((one) => one.includes('@') && !named.some(({ recipient }) => recipient === one));
  return [
    ...first.slice(0, 20).map((recipient) => ({ recipient, ...whole })),
    ...named.map(({ recipient, section }) => ({
      recipient,
      ...(section === words ? whole : reasonOf(section, whole)),
    })),
  ];
}

function reasonOf(section: string, whole: Reason): Reason {
  const evidence = reasonIn(section);
  return isUnderstood(evidence) ? { ...codesIn(evidence), evidence } : whole;
}

const COMMANDS =
  /(?:in\s+reply\s+to\s+(?:the\s+)?|after\s+(?:pipelined\s+)?|>>>\s*)(mail from|helo|ehlo|initial connection|rcpt to|end of data|data)\b/gi;

/** What the server that refused had been told last, where a report says so and says it of one command only. */
export function answeredIn(text: string): 'connect' | 'sender' | undefined {
  const told = [...beforeOriginal(text).replaceAll(/\s+/g, ' ').matchAll(COMMANDS)].map(([, command]) =>
    command!.toLowerCase(),
  );
  const [first] = told;
  if (first === undefined || told.some((command) => command !== first)) {
    return undefined;
  }
  return first === 'mail from'
    ? 'sender'
    : ['helo', 'ehlo', 'initial connection'].includes(first)
      ? 'connect'
      : undefined;
}

function beforeOriginal(text: string): string {
  const head = text.slice(0, 20_000);
  const end = RETURNED.exec(head);
  return end === null || end.index < 40 ? head : head.slice(0, end.index);
}

const STARTS = [
  /(?:remote (?:host|server) (?:said|returned|answered|replied)|response (?:from the remote server )?was|the error that the other server returned was|host said|server (?:said|responded)|reason:|error:|diagnostic information for administrators:|technical details.{0,40}:)\s*/i,
  /<<<\s*/,
  /^[ \t]*<[^<>\s]{3,320}>:?[ \t]*\r?\n?/m,
  /(?:following address\(?e?s?\)? failed:|following recipients?.{0,60}:|recipient address:)\s*/i,
];

/**
 * The sentence of the server that refused: from the line with its reply code, else from where such mails begin to tell
 * the reason, else all of it.
 */
function reasonIn(words: string): string {
  const coded = /(?:^|[\s<(:"'-])[45]\d\d[ -]{1,3}[#(]{0,2}(?:[45]\.\d{1,3}\.\d{1,3}|[a-z<"'(])/im.exec(words);
  if (coded !== null) {
    const answer = asLine(oneAnswer(words.slice(coded.index, coded.index + 600)));
    const before = words.slice(0, coded.index).split('\n').slice(-20).map(asLine).find(isAboutMailbox);
    return before === undefined ? answer : asLine(`${before} ${answer}`);
  }
  const start = STARTS.map((pattern) => pattern.exec(words)).find((found) => found !== null);
  const after = asLine(start === undefined ? '' : words.slice(start.index + start[0].length));
  const told = after === '' ? asLine(words.slice(0, 1500)) : after;
  return isUnderstood(told) ? told : (words.split('\n').slice(0, 60).map(asLine).find(isPlain) ?? told);
}

/** Up to a blank line, and to what the reporting server adds of its own. */
function oneAnswer(words: string): string {
  const end = /\r?\n[ \t]*\r?\n|\r?\n[ \t]*(?:giving up on|>>> )|\(in\s+reply\s+to/i.exec(words);
  return end === null || end.index < 8 ? words : words.slice(0, end.index);
}

function isUnderstood(text: string): boolean {
  return classify({ phase: 'report', text }).class !== 'unknown';
}

/** A line that says what happened, not what may have. */
function isPlain(line: string): boolean {
  return !/\b(?:may|might|could be|possib|perhaps|maybe|if|either|usually|please)\b/i.test(line) && isUnderstood(line);
}

/** Whoever passes an answer on may know better why: the mailbox is full, or does not work. */
function isAboutMailbox(line: string): boolean {
  const found = /@|\d{3}/.test(line) ? undefined : classify({ phase: 'report', text: line }).class;
  return (found === 'mailbox_full' || found === 'mailbox_disabled') && isPlain(line);
}

function asLine(text: string): string {
  return text
    .replaceAll(/\s+/g, ' ')
    .replace(/^[\s<(:"'-]+/, '')
    .trim()
    .slice(0, 500);
}
