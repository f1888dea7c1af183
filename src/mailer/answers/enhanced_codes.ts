import { addressWords, nobodyWords } from './address_phrases.js';
import { forbiddingWords, laterWords, policyWords } from './bounce_phrases.js';
import type { BounceClass } from './phrase_finder.js';

/** `restricted`: the mailbox exists and takes mails of certain senders only. */
export type Found = BounceClass | 'restricted';

/** Enhanced codes by their subject and detail; the class digit (4 or 5) counts only where both are listed. */
const BY_ENHANCED: Readonly<Record<string, BounceClass>> = {
  '5.1.1': 'bad_address',
  '5.1.2': 'bad_address',
  '5.1.3': 'bad_address',
  '5.1.4': 'bad_address',
  '5.1.6': 'bad_address',
  '5.1.10': 'bad_address',
  '5.1.7': 'sender',
  '5.1.8': 'sender',
  '4.1.7': 'sender',
  '4.1.8': 'sender',
  '5.7.27': 'sender',
  '5.2.1': 'mailbox_disabled',
  '5.7.13': 'mailbox_disabled',
  '4.2.2': 'mailbox_full',
  '5.2.2': 'mailbox_full',
  '5.2.3': 'content',
  '5.3.4': 'content',
  '4.3.4': 'content',
  '4.2.1': 'throttled',
  '4.4.5': 'throttled',
  '4.7.0': 'throttled',
  '4.7.1': 'throttled',
  '4.4.7': 'expired',
  '5.4.6': 'expired',
  '4.4.6': 'expired',
  '5.4.7': 'expired',
  '5.4.14': 'expired',
  '5.4.4': 'unreachable',
  '4.1.2': 'unreachable',
  '5.7.1': 'reputation',
  '5.7.0': 'reputation',
  '5.7.9': 'reputation',
};

/** Where the code's first two parts say enough. */
const BY_SUBJECT: readonly (readonly [string, BounceClass])[] = [
  ['5.6.', 'content'],
  ['4.6.', 'content'],
  ['4.3.', 'throttled'],
  ['4.5.', 'throttled'],
  ['4.7.', 'throttled'],
  ['4.4.', 'unreachable'],
  ['5.7.', 'reputation'],
];

/** The recipient takes mails of certain senders only: about neither the address nor our name. */
const RESTRICTED = /^5\.7\.(?:12|124|13[3-6])$/;

/** Codes that servers give for anything at all: words about an address weigh more. */
const VAGUE =
  /^(?:[45]\.0\.|[45]\.1\.0$|[45]\.2\.0$|[45]\.3\.\d$|[45]\.4\.[01]$|[45]\.5\.|[45]\.7\.(?:0|1)$|[45]\.1\.2$)/;

/** Whether an enhanced status (RFC 3463) is one that servers give for anything. */
export function isVague(enhanced: string): boolean {
  return VAGUE.test(enhanced);
}

const NOBODY = new Set(['5.1.1', '5.1.6', '5.1.10']);

/** What a code says that outweighs all words, or that the words agree with. */
export function byPlainCode(enhanced: string | undefined, words: string): Found | undefined {
  if (enhanced === undefined) {
    return undefined;
  }
  if (RESTRICTED.test(enhanced)) {
    return 'restricted';
  }
  if (NOBODY.has(enhanced) && policyWords(words) !== 'reputation' && nobodyWords(words) !== undefined) {
    return 'bad_address';
  }
  return BY_ENHANCED[enhanced] === 'sender' ? 'sender' : byCodeOverWords(enhanced, words);
}

/** Words of which the code alone tells what they are about. */
function byCodeOverWords(enhanced: string, words: string): Found | undefined {
  if (BY_ENHANCED[enhanced] === 'mailbox_full' && policyWords(words) === 'throttled') {
    return 'mailbox_full'; // "too many messages" are in there
  }
  const isContent = enhanced.startsWith('5.6.') && words.includes('content') && !words.includes('spam');
  return isContent ? 'content' : undefined; // "content rejected" alone is told of what is thought to be spam as well
}

/** What an enhanced status (RFC 3463) means together with the words beside it, in lower case. */
export function byEnhanced(enhanced: string, words: string): BounceClass | undefined {
  if (enhanced === '5.4.1' && words.includes('access denied')) {
    return 'bad_address';
  }
  if (enhanced === '5.1.1' && isForbidding(words)) {
    return 'reputation'; // some servers give this code to every refusal of a recipient
  }
  const told = isVague(enhanced) ? (addressWords(words) ?? laterWords(words)) : undefined;
  return told ?? BY_ENHANCED[enhanced] ?? BY_SUBJECT.find(([start]) => enhanced.startsWith(start))?.[1];
}

function isForbidding(words: string): boolean {
  return nobodyWords(words) === undefined && forbiddingWords(words) !== undefined;
}
