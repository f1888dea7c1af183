import type { Phase } from '../../platform/channel.js';
import { addressWords, type BounceClass, laterWords, policyWords, strictWords } from './bounce_phrases.js';

export type { BounceClass } from './bounce_phrases.js';

/** What a refusal means and what follows from it. */
export interface Verdict {
  class: BounceClass;
  /** What the message is called when this was the last word about it; null: nobody can tell. */
  bounce: 'hard' | 'soft' | null;
  /** Whether trying again may help, even after a 5xx. */
  retry: boolean;
  /** When nothing more goes to the address: at once, after the second time in 30 days, after repeated soft failures, never. */
  suppress: 'now' | 'after_second' | 'soft' | 'none';
  /** The judgement is about our mails and not about this address; the provider is left alone when several say so. */
  pausesProvider: boolean;
}

export interface Refused {
  /** `report`: a mail told it later; else how far our own try came. */
  phase: Phase | 'report';
  code?: number | undefined;
  /** RFC 3463, such as 5.1.1. */
  enhanced?: string | undefined;
  text: string;
}

const EFFECTS: Readonly<Record<BounceClass, Omit<Verdict, 'class'>>> = {
  bad_address: { bounce: 'hard', retry: false, suppress: 'now', pausesProvider: false },
  mailbox_disabled: { bounce: 'hard', retry: false, suppress: 'after_second', pausesProvider: false },
  mailbox_full: { bounce: 'soft', retry: true, suppress: 'soft', pausesProvider: false },
  content: { bounce: 'soft', retry: false, suppress: 'none', pausesProvider: false },
  throttled: { bounce: 'soft', retry: true, suppress: 'none', pausesProvider: false },
  reputation: { bounce: 'soft', retry: true, suppress: 'none', pausesProvider: true },
  unreachable: { bounce: 'soft', retry: true, suppress: 'none', pausesProvider: false },
  expired: { bounce: 'soft', retry: false, suppress: 'soft', pausesProvider: false },
  sender: { bounce: 'soft', retry: false, suppress: 'none', pausesProvider: false },
  unknown: { bounce: null, retry: false, suppress: 'none', pausesProvider: false },
};

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
  // The recipient takes mails of certain senders only: about neither the address nor our name.
  '5.7.12': 'unknown',
  '5.7.124': 'unknown',
  '5.7.133': 'unknown',
  '5.7.134': 'unknown',
  '5.7.135': 'unknown',
  '5.7.136': 'unknown',
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

/** Codes that servers give for anything at all: words about an address weigh more. */
const VAGUE =
  /^(?:[45]\.0\.|[45]\.1\.0$|[45]\.2\.0$|[45]\.3\.0$|[45]\.4\.[01]$|[45]\.5\.|[45]\.7\.(?:0|1)$|[45]\.1\.2$)/;

/**
 * Judges a refusal: what providers say about us first (servers hang it on any code), then the enhanced status, then
 * the basic code, then the class alone. Nothing but a bad address is suppressed at once.
 */
export function classify(refused: Refused): Verdict {
  const found = classOf(refused);
  const verdict = { class: found, ...EFFECTS[found] };
  if (found === 'unknown') {
    return { ...verdict, ...byClassAlone(refused) };
  }
  return isNotYetFinal(refused) && !verdict.retry ? { ...verdict, retry: true, suppress: 'none' } : verdict;
}

function classOf({ code, enhanced, text }: Refused): BounceClass {
  const words = asWords(text);
  return (
    strictWords(words) ??
    policyWords(words) ??
    byEnhanced(enhanced, words) ??
    byCode(code, words) ??
    addressWords(words) ??
    laterWords(words) ??
    (code === 552 ? 'mailbox_full' : 'unknown')
  );
}

function byEnhanced(enhanced: string | undefined, words: string): BounceClass | undefined {
  if (enhanced === undefined) {
    return undefined;
  }
  const told = VAGUE.test(enhanced) ? (addressWords(words) ?? laterWords(words)) : undefined;
  return told ?? BY_ENHANCED[enhanced] ?? BY_SUBJECT.find(([start]) => enhanced.startsWith(start))?.[1];
}

function byCode(code: number | undefined, words: string): BounceClass | undefined {
  if (code === 452) {
    return 'mailbox_full';
  }
  if (code === 421 || code === 450 || code === 451) {
    return addressWords(words) === 'mailbox_full' ? 'mailbox_full' : (laterWords(words) ?? 'throttled');
  }
  return undefined;
}

/** Class 4 is for now, class 5 for good; what nobody understands is never held against an address. */
function byClassAlone({ code, enhanced }: Refused): Partial<Verdict> {
  const digit = enhanced?.[0] ?? String(code ?? '')[0];
  if (digit === '4') {
    return { bounce: 'soft', retry: true };
  }
  return digit === '5' ? { bounce: 'hard' } : {};
}

/** The server itself said "not now" to our try, whatever its words are: it is asked again. */
function isNotYetFinal({ phase, code }: Refused): boolean {
  return phase !== 'report' && code !== undefined && code >= 400 && code < 500;
}

const LONGEST = 500;

/** Lower case and one line, without the codes that servers repeat at each line; never more than 500 characters. */
export function asWords(text: string): string {
  return text
    .slice(0, LONGEST)
    .toLowerCase()
    .replaceAll(/\b[245]\d\d[- ]#?(?:[245]\.\d{1,3}\.\d{1,3}\b)?/g, ' ')
    .replaceAll(/\s+/g, ' ');
}
