import { randomBytes, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Keys } from '../../platform/keys.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** 10⁸ codes, five tries for each, and eight codes a day: whoever guesses all day long is right once in seven thousand years. */
export const DIGITS = 8;
export const CODE = {
  minutes: 15,
  tries: 5,
  /** Codes that one walk may have sent. */
  perHour: 3,
  perDay: 8,
} as const;

/** A code that was mailed. It is computed from this and a key of the installation, and stored nowhere. */
export interface AskedCode {
  nonce: string;
  /** Milliseconds since 1970. */
  at: number;
  wrong: number;
}

/** Codes that prove whose an address is: each belongs to one walk, is good for one proof, and ends by itself. */
@Injectable()
export class Codes {
  constructor(private readonly keys: Keys) {}

  newCode(now: Date): AskedCode {
    return { nonce: randomBytes(12).toString('base64url'), at: now.getTime(), wrong: 0 };
  }

  /** What the mail says: digits. */
  digitsOf(sessionId: string, { nonce }: AskedCode): string {
    const mac = Buffer.from(this.keys.mac('cookie', `proof|${sessionId}|${nonce}`), 'base64url');
    return String(mac.readUIntBE(0, 6) % 10 ** DIGITS).padStart(DIGITS, '0');
  }

  /** @param typed as people type it: with blanks or a hyphen, in digits of any script */
  isRight(sessionId: string, code: AskedCode, typed: string): boolean {
    const [offered, expected] = [Buffer.from(plainDigits(typed)), Buffer.from(this.digitsOf(sessionId, code))];
    return offered.length === expected.length && timingSafeEqual(offered, expected);
  }
}

export function isGood({ at, wrong }: AskedCode, now: Date): boolean {
  return wrong < CODE.tries && now.getTime() - at < CODE.minutes * MINUTE;
}

/** When the next code may be asked for; undefined: now. @param asked when codes were, in milliseconds since 1970 */
export function nextCodeAt(asked: readonly number[], now: Date): Date | undefined {
  const within = (span: number): number[] => asked.filter((at) => now.getTime() - at < span);
  const waits = [
    { recent: within(HOUR), span: HOUR, most: CODE.perHour },
    { recent: within(24 * HOUR), span: 24 * HOUR, most: CODE.perDay },
  ].flatMap(({ recent, span, most }) => (recent.length < most ? [] : [recent.at(-most)! + span]));
  return waits.length === 0 ? undefined : new Date(Math.max(...waits));
}

/** What stays to be counted of the codes that were asked for. */
export function recentOf(asked: readonly number[], now: Date): number[] {
  return asked.filter((at) => now.getTime() - at < 24 * HOUR);
}

function plainDigits(typed: string): string {
  return typed
    .normalize('NFKC')
    .replaceAll(/[\s\p{Cf}-]/gu, '')
    .replaceAll(/\p{Nd}/gu, (digit) => String(valueOf(digit)));
}

/** Digits of a script stand together, from zero to nine. */
function valueOf(digit: string): number {
  const code = digit.codePointAt(0)!;
  let value = 0;
  while (value < 9 && /^\p{Nd}$/u.test(String.fromCodePoint(code - value - 1))) {
    value += 1;
  }
  return value;
}
