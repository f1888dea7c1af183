import { DateTime } from 'luxon';
import { simpleParser } from 'mailparser';
import type { ParsedMail } from 'mailparser';
import type { Actor } from '../platform/auth/actor.js';
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
    moreUrl: hasMore ? `/mailbox?before=${last.id}` : undefined,
  };
}

export function arrivedMails(mails: KeptMail[], since: string, actor: Actor, now: Date): object {
  return { mails: mails.map((mail) => mailRow(mail, actor, now)), newest: mails[0]?.id ?? since, count: mails.length };
}

function mailRow({ id, receivedAt, recipient, subject }: KeptMail, actor: Actor, now: Date): object {
  return { id, url: `/mailbox/${id}`, recipient, subject, when: when(receivedAt, actor, now) };
}

const VIEWS = ['html', 'text', 'headers', 'source'] as const;
type View = (typeof VIEWS)[number];

export async function mailPage(mail: WholeMail, as: string | undefined, actor: Actor, now: Date): Promise<object> {
  const parsed = await read(mail.raw);
  const view = viewOf(as, parsed);
  return {
    title: mail.subject,
    crumbs: [{ href: '/mailbox', text: 'Mailbox' }, { text: mail.subject }],
    id: mail.id,
    subject: mail.subject,
    from: shownAddress(parsed) ?? mail.sender,
    to: mail.recipient,
    replyTo: parsed.replyTo?.text,
    sender: mail.sender,
    messageId: parsed.messageId,
    when: when(mail.receivedAt, actor, now),
    views: VIEWS.map((name) => ({ name, href: `/mailbox/${mail.id}?as=${name}`, isCurrent: name === view })),
    [view]: true,
    lines: view === 'text' ? linked(parsed.text ?? '') : undefined,
    headerLines: view === 'headers' ? headerLines(mail.raw) : undefined,
    raw: view === 'source' ? mail.raw.toString('utf8') : undefined,
  };
}

/** The HTML part as the frame shows it: every link opens a page of its own. */
export async function mailHtml(mail: WholeMail): Promise<string> {
  const { html } = await read(mail.raw);
  if (html === false || html === undefined) return '<!DOCTYPE html><title>–</title>';
  const target = '<base target="_blank">';
  const head = /<head(?:\s[^<>]*)?>/i;
  return head.test(html) ? html.replace(head, (found) => found + target) : target + html;
}

function shownAddress({ from }: ParsedMail): string | undefined {
  const [first] = from?.value ?? [];
  if (first === undefined) return undefined;
  return first.name === '' ? first.address : `${first.name} <${first.address ?? ''}>`;
}

function read(raw: Buffer): Promise<ParsedMail> {
  return simpleParser(raw, { skipHtmlToText: true, skipTextToHtml: true, skipImageLinks: true });
}

function viewOf(as: string | undefined, parsed: ParsedMail): View {
  const asked = VIEWS.find((name) => name === as);
  return asked ?? (typeof parsed.html === 'string' ? 'html' : 'text');
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
