import { createHmac, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Keys } from '../platform/keys.js';

/** More names than any survey declares on one link are no list of ours. */
const MOST_NAMES = 100;

/** Which parameters of an address its survey's owner has vouched for. */
export interface Vouched {
  signed: ReadonlySet<string>;
  /** Named as signed, but the signature is missing or not right: somebody has changed them. */
  forged: ReadonlySet<string>;
}

const NONE: ReadonlySet<string> = new Set();

/**
 * Parameters that respondents can't change: `Q_Signed` names them, `Q_Signature` is the HMAC-SHA256 of them under the
 * survey's secret, in hex digits or base64url. The signed text is each `name=value` in the order of `Q_Signed`,
 * percent-encoded, joined by `&`. Other parameters may come and go, as mail programs and trackers like them to.
 */
@Injectable()
export class SignedParametersService {
  constructor(private readonly keys: Keys) {}

  /** What the owner's programs sign with; one for each survey. */
  secretOf(surveyId: string): string {
    return this.keys.mac('fields', `survey|${surveyId}`);
  }

  vouched(surveyId: string, query: Readonly<Record<string, string>>): Vouched {
    const listed = query['Q_Signed'];
    if (listed === undefined) {
      return { signed: NONE, forged: NONE };
    }
    const names = listed.split(',', MOST_NAMES).filter((name) => name !== '');
    const isRight = isSignatureOf(signedText(names, query), query['Q_Signature'] ?? '', this.secretOf(surveyId));
    return isRight ? { signed: new Set(names), forged: NONE } : { signed: NONE, forged: new Set(names) };
  }
}

function signedText(names: readonly string[], query: Readonly<Record<string, string>>): string {
  return names.map((name) => `${encoded(name)}=${encoded(query[name] ?? '')}`).join('&');
}

/** Half of a character that needs two cannot be encoded, and nobody signs it. */
function encoded(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}

function isSignatureOf(text: string, offered: string, secret: string): boolean {
  const expected = createHmac('sha256', secret).update(text).digest();
  const given = /^[0-9a-f]{64}$/i.test(offered) ? Buffer.from(offered, 'hex') : Buffer.from(offered, 'base64url');
  return given.length === expected.length && timingSafeEqual(given, expected);
}
