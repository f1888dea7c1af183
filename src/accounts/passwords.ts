import { hash, verify } from '@node-rs/argon2';
import { Invalid } from '../platform/errors.js';
import { isGuessable } from './guessable.js';

/** OWASP's minimum for argon2id: 19 MiB, two passes; the library's default algorithm is argon2id. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

const SHORTEST = 12;
const LONGEST = 128;

/** Whose password it is going to be: what everybody knows of them is what is tried first. */
export interface Belonging {
  email: string;
  name: string;
  brand?: string | undefined;
}

export function hashPassword(password: string): Promise<string> {
  return hash(password, COST);
}

/** A hash of nothing, as costly as those of passwords: the test of this file keeps them in step. */
export const DECOY =
  '$argon2id$v=19$m=19456,t=2,p=1$AKgZ4VUJ1CbSZoYW3ZEbuQ$DMThbsrv+r6KKkfgwJVvsrpO6YiXvco6u2ae9AsXLs4';

/** Compares in the same time whether there is a hash or not, so that unknown users look like wrong passwords. */
export async function isPassword(stored: string | null, offered: string): Promise<boolean> {
  const isSame = await verify(stored ?? DECOY, offered.slice(0, LONGEST));
  return isSame && stored !== null && offered.length <= LONGEST;
}

/** @throws {Invalid} with the rule that the password breaks; there are no rules on kinds of characters */
export function mustBeGoodPassword(password: string, own: Belonging): void {
  const refusal = passwordRefusal(password, own);
  if (refusal !== undefined) {
    throw new Invalid(refusal, { password: refusal });
  }
}

/** The rule that a password breaks, in a sentence. */
export function passwordRefusal(password: string, own: Belonging): string | undefined {
  if (password.length < SHORTEST) {
    return `The password needs ${SHORTEST} characters or more.`;
  }
  if (password.length > LONGEST) {
    return `The password may have ${LONGEST} characters at most.`;
  }
  const lower = password.toLowerCase();
  const parts = ownWords(own);
  if (parts.some((part) => lower.includes(part))) {
    return 'The password must not contain your name or e-mail address.';
  }
  return isGuessable(password, [...parts, ...wordsOf(own.brand ?? '')])
    ? 'This password is one of the first that guessing tools try, whatever digits and signs are put around it. ' +
        'Take several words that do not belong together.'
    : undefined;
}

/** The address, its first half, the name and its words; shorter pieces than four letters occur in everything. */
function ownWords({ email, name }: Belonging): string[] {
  const [local = ''] = email.split('@');
  return [email, local, ...wordsOf(name)].map((word) => word.toLowerCase()).filter((word) => word.length >= 4);
}

/** A name of several words is also each of them, and all in one. */
function wordsOf(name: string): string[] {
  const words = [name, name.replaceAll(' ', ''), ...name.split(' ')];
  return words.map((word) => word.toLowerCase()).filter((word) => word.length >= 3);
}
