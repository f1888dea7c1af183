import { foreignWords } from '../../platform/foreign/foreign_words.js';
import { wireAddress } from '../../platform/email_address.js';
import type { Attachment } from '../../mailer/mime/attachments.js';
import { decodedWords, type Part, readMail, textOf, wordsIn } from '../../mailer/mime/mime_tree.js';
import { withoutTokens } from './own_traces.js';

/** Why a file of a reply is only named. */
export type LeftOut = 'kind' | 'size' | 'cut';

/** What somebody wrote, with what may be passed on of it. */
export interface ReplyContent {
  /** Where its writer wants answers; undefined where no address can be read. */
  answerTo: string | undefined;
  text: string;
  /** As it came: to be cleaned before it is shown or sent. */
  html: string | undefined;
  attachments: Attachment[];
  leftOut: { name: string; why: LeftOut }[];
}

/** Of all files of a reply together. */
const MOST_FILE_BYTES = 200_000;
const MOST_FILES = 10;
const LONGEST = 100_000;

/** Files that open in programs which run nothing of them; the type is ours, whatever the mail says. */
const KINDS: Readonly<Record<string, string>> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
  heic: 'image/heic',
  pdf: 'application/pdf',
  txt: 'text/plain',
  csv: 'text/csv',
  rtf: 'application/rtf',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  pptx: 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
  odt: 'application/vnd.oasis.opendocument.text',
  ods: 'application/vnd.oasis.opendocument.spreadsheet',
  odp: 'application/vnd.oasis.opendocument.presentation',
};

/**
 * Reads a reply so that it can be passed on. Never throws, whatever the bytes are.
 * @param isCut that the end of the mail was not kept: its last file is not whole
 */
export function readReply(raw: Buffer, isCut: boolean): ReplyContent {
  const { headers, parts } = readMail(raw);
  const files = parts.filter(isFile);
  const bodies = parts.filter((part) => !isFile(part));
  const plain = bodies.find(({ type }) => type === 'text/plain');
  const html = bodies.find(({ type }) => type === 'text/html');
  const words = plain ?? html ?? bodies[0];
  return {
    answerTo: addressIn(headers.get('reply-to')) ?? addressIn(headers.get('from')),
    text: words === undefined ? '' : withoutTokens(textOf(words).slice(0, LONGEST)),
    html: html === undefined ? undefined : withoutTokens(wordsIn(html).slice(0, LONGEST)),
    ...sorted(files, isCut ? parts.at(-1) : undefined),
  };
}

function isFile({ headers, type, parameters }: Part): boolean {
  const isText = type === 'text/plain' || type === 'text/html';
  return /^attachment/i.test(headers.get('content-disposition')) || !isText || parameters.has('name');
}

function sorted(files: readonly Part[], cut: Part | undefined): Pick<ReplyContent, 'attachments' | 'leftOut'> {
  const attachments: Attachment[] = [];
  const leftOut: ReplyContent['leftOut'] = [];
  let room = MOST_FILE_BYTES;
  for (const part of files) {
    const name = nameOf(part);
    const type = typeOf(name, part.body);
    const isLarge = part.body.length > room || attachments.length >= MOST_FILES;
    const why = type === undefined ? 'kind' : part === cut ? 'cut' : isLarge ? 'size' : undefined;
    if (type === undefined || why !== undefined) {
      leftOut.push({ name, why: why ?? 'kind' });
    } else {
      room -= part.body.length;
      attachments.push({ name, type, content: part.body });
    }
  }
  return { attachments, leftOut: leftOut.slice(0, MOST_FILES) };
}

/** Undefined for what is never passed on. */
function typeOf(name: string, body: Buffer): string | undefined {
  const ending = /\.([a-z0-9]{1,5})$/i.exec(name)?.[1]?.toLowerCase() ?? '';
  return isProgram(body) || !Object.hasOwn(KINDS, ending) ? undefined : KINDS[ending];
}

/** Programs of Windows and Unix, whatever their name is. */
function isProgram(body: Buffer): boolean {
  const start = body.subarray(0, 4).toString('latin1');
  return start.startsWith('MZ') || start === '\u007fELF' || start.startsWith('#!');
}

/** RFC 2231 in its plain form, encoded words as most programs write them, or what it is. */
function nameOf({ headers, type, parameters }: Part): string {
  const disposition = headers.get('content-disposition');
  const extended = /filename\*=(?:[\w-]{1,40})?'[\w-]{0,20}'([^;\s]{1,500})/i.exec(disposition)?.[1];
  const plain = /filename="?([^";]{1,500})/i.exec(disposition)?.[1] ?? parameters.get('name') ?? '';
  const name = foreignWords(extended === undefined ? decodedWords(plain) : unescaped(extended), 150);
  return name.replaceAll(/[/\\]/g, '_') || type;
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function addressIn(header: string): string | undefined {
  const text = header.slice(0, 1000);
  return wireAddress((/<([^<>\s]{3,320})>/.exec(text)?.[1] ?? text.split(',')[0]!).trim());
}
