import { createHash, sign } from 'node:crypto';
import { promisify } from 'node:util';
import type { SigningKey } from '../domains/domain_keys.js';
import { folded } from './headers.js';

/** A mail of a domain that has keys, or should have, could not be signed; without its signature it must not leave. */
export class NotSigned extends Error {}

/** On the threads of libuv: a signature by RSA-2048 takes a quarter of a millisecond, in which connections would wait. */
const signAside = promisify(sign);

/**
 * What a mail is shown and answered by stands once more than it occurs, also where it occurs nowhere: whoever adds one on
 * the way breaks the signature (§5.4.2, §8.15).
 */
const OVERSIGNED = ['from', 'reply-to', 'to', 'subject', 'list-unsubscribe'];

/** Whatever of these a mail carries is signed, in this order. */
const SIGNED = [
  ...OVERSIGNED,
  'date',
  'message-id',
  'mime-version',
  'content-type',
  'content-transfer-encoding',
  'auto-submitted',
  'list-unsubscribe-post',
  'list-id',
  'feedback-id',
  'x-report-abuse',
];
const SIGNATURE_LINE = 68;

/**
 * The mail with one DKIM-Signature a key on top (RFC 6376, relaxed/relaxed, RFC 8463 for Ed25519). Without keys it stays
 * as it is.
 * @param raw the whole mail, CRLF line ends
 * @throws {NotSigned}
 */
export async function signedMail(raw: Buffer, keys: readonly SigningKey[], at: Date): Promise<Buffer> {
  if (keys.length === 0) return raw;
  const end = raw.indexOf('\r\n\r\n');
  const headers = signedHeaders(raw.toString('latin1', 0, end < 0 ? raw.length : end));
  const bodyHash = createHash('sha256')
    .update(relaxedBody(end < 0 ? '' : raw.toString('latin1', end + 4)), 'latin1')
    .digest('base64');
  try {
    const signatures = await Promise.all(keys.map((key) => signature(key, headers, bodyHash, at)));
    return Buffer.concat([Buffer.from(signatures.join(''), 'latin1'), raw]);
  } catch (cause) {
    const text = cause instanceof Error ? cause.message : String(cause);
    throw new NotSigned(`The mail could not be signed: ${text}`, { cause });
  }
}

interface SignedHeaders {
  names: string;
  text: string;
}

async function signature(key: SigningKey, headers: SignedHeaders, bodyHash: string, at: Date): Promise<string> {
  const tags =
    `v=1; a=${key.algorithm}; c=relaxed/relaxed; d=${key.domain}; s=${key.selector}; ` +
    `t=${Math.floor(at.getTime() / 1000)}; h=${headers.names}; bh=${bodyHash}; b=`;
  const signable = Buffer.from(`${headers.text}dkim-signature:${tags}`, 'latin1');
  const made =
    key.algorithm === 'rsa-sha256'
      ? await signAside('sha256', signable, key.privateKey)
      : await signAside(null, createHash('sha256').update(signable).digest(), key.privateKey);
  return foldedSignature(tags, made.toString('base64'));
}

/** Folds only at blanks that the signed text has, too: relaxed form makes the same of both. */
function foldedSignature(tags: string, value: string): string {
  const lines = value.match(new RegExp(`.{1,${SIGNATURE_LINE}}`, 'g')) ?? [];
  return `${folded('DKIM-Signature', tags).slice(0, -2)}\r\n ${lines.join('\r\n ')}\r\n`;
}

/** Several headers of one name are signed from the last one up (§5.4.2). */
function signedHeaders(block: string): SignedHeaders {
  const byName = new Map<string, string[]>();
  for (const line of block.split(/\r\n(?![ \t])/)) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).trimEnd().toLowerCase();
    const same = byName.get(name);
    if (same === undefined) byName.set(name, [relaxedHeader(name, line.slice(colon + 1))]);
    else same.unshift(relaxedHeader(name, line.slice(colon + 1)));
  }
  const present = SIGNED.flatMap((name) => (byName.get(name) ?? []).map((line) => ({ name, line })));
  return {
    // A blank now and then, so that the list can be folded.
    names: [...OVERSIGNED, ...present.map(({ name }) => name)].join(':').replace(/(.{40,60}?:)/g, '$1 '),
    text: present.map(({ line }) => line).join(''),
  };
}

/** §3.4.2 */
function relaxedHeader(name: string, value: string): string {
  const text = value
    .replaceAll('\r\n', '')
    .replace(/[ \t]+/g, ' ')
    .replace(/^ | $/g, '');
  return `${name}:${text}\r\n`;
}

/** §3.4.4; the empty body has no line end. */
function relaxedBody(body: string): string {
  let text = body;
  if (/[ \t]{2}|\t|[ \t](?:\r\n|$)/.test(text)) {
    text = text.replace(/[ \t]+/g, ' ').replace(/ (?=\r\n|$)/g, '');
  }
  let end = text.length;
  while (end >= 2 && text.startsWith('\r\n', end - 2)) end -= 2;
  return end === 0 ? '' : `${text.slice(0, end)}\r\n`;
}
