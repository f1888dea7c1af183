import { DateTime } from 'luxon';
import type { Actor } from '../../platform/auth/actor.js';
import { addresses, asking } from '../../platform/web/addresses.js';
import { readMail, type ReadMail, wordsIn } from '../mime/mime_tree.js';
import type { KeptMail, WholeMail } from './mailbox.service.js';

interface MailboxPage {
  mails: KeptMail[];
  size: number;
  total: number;
  position: string | undefined;
}

export function mailboxPage({ mails, size, total, position }: MailboxPage, actor: Actor, now: Date): object {
  const shown = mails.slice(0, size);
  const last = shown.at(-1);
  const hasMore = mails.length > size && last !== undefined;
  return {
    title: 'Development mailbox',
    mails: shown.map((mail) => mailRow(mail, actor, now)),
    total,
    isFirst: position === undefined,
    newest: position === undefined ? (shown[0]?.id ?? '0') : undefined,
    moreUrl: hasMore ? asking(addresses.mailer.mailbox(), { before: last.id }) : undefined,
  };
}

export function arrivedMails(mails: KeptMail[], since: string, actor: Actor, now: Date): object {
  return { mails: mails.map((mail) => mailRow(mail, actor, now)), newest: mails[0]?.id ?? since, count: mails.length };
}

function mailRow({ id, receivedAt, recipient, subject }: KeptMail, actor: Actor, now: Date): object {
  return { id, url: addresses.mailer.mailboxMail(id), recipient, subject, when: when(receivedAt, actor, now) };
}

/** So much of a mail is read for showing it; the source shows all. */
const LONGEST = 4 * 1_048_576;
/** Without `<` inside, so that a text full of such beginnings is read once. */
const HEAD = /<head(?:\s[^<>]*)?>/i;
const VIEWS = ['html', 'text', 'headers', 'source'] as const;
type View = (typeof VIEWS)[number];

export function mailPage(mail: WholeMail, as: string | undefined, actor: Actor, now: Date): object {
  const parsed = readMail(mail.raw, LONGEST);
  const { headers } = parsed;
  const view = viewOf(as, parsed);
  return {
    title: mail.subject,
    crumbs: [{ href: addresses.mailer.mailbox(), text: 'Mailbox' }, { text: mail.subject }],
    id: mail.id,
    subject: mail.subject,
    from: headers.text('from') || mail.sender,
    to: mail.recipient,
    replyTo: headers.text('reply-to'),
    sender: mail.sender,
    messageId: headers.get('message-id'),
    when: when(mail.receivedAt, actor, now),
    views: VIEWS.map((name) => ({
      name,
      href: asking(addresses.mailer.mailboxMail(mail.id), { as: name }),
      isCurrent: name === view,
    })),
    [view]: true,
    lines: view === 'text' ? linked(partOf(parsed, 'text/plain') ?? '') : undefined,
    headerLines: view === 'headers' ? headerLines(mail.raw) : undefined,
    raw: view === 'source' ? mail.raw.toString('utf8') : undefined,
  };
}

/** The HTML part as the frame shows it: every link opens a page of its own. */
export function mailHtml(mail: WholeMail): string {
  const html = partOf(readMail(mail.raw, LONGEST), 'text/html');
  if (html === undefined) return '<!DOCTYPE html><title>–</title>';
  const target = '<base target="_blank">';
  return HEAD.test(html) ? html.replace(HEAD, (head) => head + target) : target + html;
}

function partOf({ parts }: ReadMail, type: 'text/plain' | 'text/html'): string | undefined {
  const part = parts.find((one) => one.type === type);
  return part === undefined ? undefined : wordsIn(part);
}

function viewOf(as: string | undefined, parsed: ReadMail): View {
  const asked = VIEWS.find((name) => name === as);
  return asked ?? (partOf(parsed, 'text/html') === undefined ? 'text' : 'html');
}

/** Text cut at web addresses, so that the page can draw them as links. */
function linked(text: string): { text: string; href?: string }[] {
  return text
    .split(/(https?:\/\/[^\s<>"]+)/)
    .map((part, place) => (place % 2 === 1 ? { text: part, href: part } : { text: part }));
}

function headerLines(raw: Buffer): { name: string; value: string }[] {
  const end = raw.indexOf('\r\n\r\n');
  const head = raw.subarray(0, end < 0 ? raw.length : end).toString('utf8');
  return head
    .replace(/\r\n(?=[ \t])/g, '')
    .split('\r\n')
    .map((line) => ({ name: line.slice(0, line.indexOf(':')), value: line.slice(line.indexOf(':') + 1).trim() }));
}

function when(date: Date, { timeZone }: Actor, now: Date): object {
  const at = DateTime.fromJSDate(date, { zone: timeZone }).setLocale('en');
  return {
    iso: date.toISOString(),
    text: at.toRelative({ base: DateTime.fromJSDate(now) }),
    exact: at.toFormat('d LLL yyyy, HH:mm:ss ZZZZ'),
  };
}
