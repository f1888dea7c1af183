import { createHmac, type KeyObject, timingSafeEqual } from 'node:crypto';

/** What an address of ours is for: reports about a message, or the wish for no more of them. */
export type VerpPurpose = 'bounce' | 'unsubscribe';

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';
const ID_LENGTH = 13; // 64 bits
const MAC_BYTES = 10;
const LETTERS: Readonly<Record<VerpPurpose, string>> = { bounce: 'b', unsubscribe: 'u' };
/** Each purpose has MACs of its own: one address can't be made from the other. */
const LABELS: Readonly<Record<VerpPurpose, string>> = { bounce: 'verp', unsubscribe: 'unsubscribe' };
const ADDRESS = /^([bu])-([a-z2-7]{13})([a-z2-7]{16})$/i;
const ANYWHERE = /\b[bu]-[a-z2-7]{29}\b/gi;

/**
 * The envelope sender of a message: `b-<id><mac>`, and `u-<id><mac>` for mails that ask to stop. One a message and not
 * one an attempt, because greylisting servers remember sender and recipient together; without `+` and `=`, which some
 * forwarders mangle.
 */
export function verpLocalPart(messageId: string, key: KeyObject | Buffer, purpose: VerpPurpose = 'bounce'): string {
  let id = '';
  for (let rest = BigInt(messageId), place = 0; place < ID_LENGTH; place += 1, rest >>= 5n) {
    id = ALPHABET.charAt(Number(rest & 31n)) + id;
  }
  return `${LETTERS[purpose]}-${id}${base32(macOf(id, key, purpose))}`;
}

/** The message that a bounce speaks of, or undefined for an address that we did not make. */
export function messageOfVerp(localPart: string, key: KeyObject | Buffer): string | undefined {
  const read = readVerp(localPart, key);
  return read?.purpose === 'bounce' ? read.messageId : undefined;
}

/** What an address of ours is for and which message it names; undefined for one that we did not make. */
export function readVerp(
  localPart: string,
  key: KeyObject | Buffer,
): { purpose: VerpPurpose; messageId: string } | undefined {
  const [, letter, id, mac] = ADDRESS.exec(localPart) ?? [];
  if (letter === undefined || id === undefined || mac === undefined) return undefined;
  const purpose = letter.toLowerCase() === 'b' ? 'bounce' : 'unsubscribe';
  const expected = Buffer.from(base32(macOf(id.toLowerCase(), key, purpose)));
  if (!timingSafeEqual(expected, Buffer.from(mac.toLowerCase()))) return undefined;
  let number = 0n;
  for (const digit of id.toLowerCase()) number = (number << 5n) | BigInt(ALPHABET.indexOf(digit));
  return number >> 63n === 0n ? { purpose, messageId: String(number) } : undefined;
}

/** What looks like addresses of ours in a text, right or forged. */
export function verpsIn(text: string): string[] {
  return [...new Set(text.match(ANYWHERE) ?? [])];
}

function macOf(id: string, key: KeyObject | Buffer, purpose: VerpPurpose): Buffer {
  return createHmac('sha256', key).update(`${LABELS[purpose]} ${id}`).digest().subarray(0, MAC_BYTES);
}

/** Five bytes become eight digits; ten bytes are two rounds without a rest. */
function base32(bytes: Buffer): string {
  let text = '';
  for (let from = 0; from < bytes.length; from += 5) {
    let block = BigInt(`0x${bytes.subarray(from, from + 5).toString('hex')}`);
    let digits = '';
    for (let place = 0; place < 8; place += 1, block >>= 5n) {
      digits = ALPHABET.charAt(Number(block & 31n)) + digits;
    }
    text += digits;
  }
  return text;
}
