import { textHeader } from './headers.js';

/** A file that goes with a mail. */
export interface Attachment {
  /** Of any length and in any script; made safe for a header here. */
  name: string;
  /** Such as `image/png`; never what a stranger called it. */
  type: string;
  content: Buffer;
}

const LINE = 76;

/** Puts files behind a finished mail: its own parts become the first one of a `multipart/mixed` (RFC 2046 §5.1.3). */
export function withAttachments(mail: Buffer, attachments: readonly Attachment[]): Buffer {
  if (attachments.length === 0) return mail;
  const text = mail.toString('latin1');
  const end = text.indexOf('\r\n\r\n');
  const head = text.slice(0, end + 2);
  const type = /^Content-Type: .*\r\n(?:[ \t].*\r\n)*/m.exec(head)![0];
  const boundary = `${/boundary="([^"]+)"/.exec(type)![1]!.slice(0, 60)}_files`;
  const parts = attachments.map((attachment) => `--${boundary}\r\n${partOf(attachment)}`);
  return Buffer.from(
    `${head.replace(type, `Content-Type: multipart/mixed;\r\n boundary="${boundary}"\r\n`)}\r\n` +
      `--${boundary}\r\n${type}${text.slice(end + 2)}\r\n${parts.join('')}--${boundary}--\r\n`,
    'latin1',
  );
}

function partOf({ name, type, content }: Attachment): string {
  const lines = content.toString('base64').match(new RegExp(`.{1,${LINE}}`, 'g')) ?? [];
  return (
    `${textHeader('Content-Description', name.slice(0, 100))}Content-Type: ${type}\r\nContent-Transfer-Encoding: base64\r\n` +
    `Content-Disposition: attachment;\r\n filename="${asciiName(name)}";\r\n filename*=${extendedName(name)}\r\n\r\n` +
    `${lines.join('\r\n')}\r\n`
  );
}

/** For readers that know no other (RFC 6266 §4.3). */
function asciiName(name: string): string {
  return name.replaceAll(/[^\w .()-]/g, '_').slice(0, 100);
}

/** RFC 2231 §4, of a length that every reader takes. */
function extendedName(name: string): string {
  const bare = Array.from(name.toWellFormed()).slice(0, 60).join('');
  return `UTF-8''${encodeURIComponent(bare).replaceAll(/['()*!]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)}`;
}
