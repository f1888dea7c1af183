import { createHmac, type KeyObject, timingSafeEqual } from 'node:crypto';

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';
const ID_LENGTH = 13; // 64 bits
const MAC_BYTES = 10;
const SENDER = /^b-([a-z2-7]{13})([a-z2-7]{16})$/i;

/**
 * The envelope sender of a message: `b-<id><mac>`. One a message and not one an attempt, because greylisting servers
 * remember sender and recipient together; without `+` and `=`, which some forwarders mangle.
 */
export function verpLocalPart(messageId: string, key: KeyObject | Buffer): string {
  let id = '';
  for (let rest = BigInt(messageId), place = 0; place < ID_LENGTH; place += 1, rest >>= 5n) {
    id = ALPHABET.charAt(Number(rest & 31n)) + id;
  }
  return `b-${id}${base32(macOf(id, key))}`;
}

/** The message that a bounce speaks of, or undefined for an address that we did not make. */
export function messageOfVerp(localPart: string, key: KeyObject | Buffer): string | undefined {
  const [, id, mac] = SENDER.exec(localPart) ?? [];
  if (id === undefined || mac === undefined) return undefined;
  const expected = Buffer.from(base32(macOf(id.toLowerCase(), key)));
  if (!timingSafeEqual(expected, Buffer.from(mac.toLowerCase()))) return undefined;
  let number = 0n;
  for (const digit of id.toLowerCase()) number = (number << 5n) | BigInt(ALPHABET.indexOf(digit));
  return String(number);
}

function macOf(id: string, key: KeyObject | Buffer): Buffer {
  return createHmac('sha256', key).update(`verp ${id}`).digest().subarray(0, MAC_BYTES);
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
