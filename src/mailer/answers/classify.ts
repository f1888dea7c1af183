import type { Phase } from '../mail_outcome.js';
import { addressWords, domainIsMissing } from './address_phrases.js';
import { clearWords, laterWords, policyWords, refusingWords } from './bounce_phrases.js';
import { byEnhanced, byPlainCode, type Found } from './enhanced_codes.js';
import type { BounceClass } from './phrase_finder.js';

/** What a refusal means and what follows from it. */
export interface Verdict {
  class: BounceClass;
  /** What the message is called when this was the last word about it; null: nobody can tell. */
  bounce: 'hard' | 'soft' | null;
  /** Whether trying again may help, even after a 5xx. */
  retry: boolean;
  /**
   * When nothing more goes to the address: at once, after the second time in 30 days, after a second look a day later, after
   * repeated soft failures, never.
   */
  suppress: 'now' | 'after_second' | 'after_day' | 'soft' | 'none';
  /** The judgement is about our mails and not about this address; the provider is left alone when several say so. */
  pausesProvider: boolean;
}

export interface Refused {
  /** `report`: a mail told it later; else how far our own try came. */
  phase: Phase | 'report';
  /** What a report says was answered: the greeting, the sender, or something later. */
  answered?: 'connect' | 'sender' | undefined;
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

/**
 * Judges a refusal: words that no code outweighs first, then what providers say about us (servers hang it on any code), then
 * the enhanced status, then the basic code, then the class alone. Nothing but a bad address is suppressed at once.
 */
export function classify(refused: Refused): Verdict {
  const words = asWords(refused.text);
  const found = aboutSender(refused, classOf(refused, words));
  if (found === 'restricted') {
    return { class: 'unknown', ...EFFECTS.unknown, bounce: 'soft', retry: isNotYetFinal(refused) };
  }
  const verdict = { class: found, ...EFFECTS[found] };
  if (found === 'unknown') {
    return { ...verdict, ...byClassAlone(refused) };
  }
  return softened(verdict, refused, words);
}

/** Where the words leave hope, or prove little, nobody is suppressed for the first of them. */
function softened(verdict: Verdict, refused: Refused, words: string): Verdict {
  if (MISSING.has(verdict.class) && domainIsMissing(words)) {
    return { ...verdict, retry: verdict.retry || isNotYetFinal(refused), suppress: 'after_day' };
  }
  if (isNotYetFinal(refused) && !verdict.retry) {
    return { ...verdict, retry: true, suppress: 'none' };
  }
  return { ...verdict, ...doubted(verdict.class, words) };
}

const MISSING = new Set<BounceClass>(['bad_address', 'unreachable']);

function doubted(found: BounceClass, words: string): Partial<Verdict> {
  if (found === 'mailbox_disabled' && words.includes('temporar')) {
    return { bounce: 'soft', suppress: 'soft' };
  }
  // Microsoft says it of addresses that its directory does not know, which may be late.
  return found === 'bad_address' && words.includes('access denied') ? { suppress: 'after_second' } : {};
}

const OF_ADDRESS = new Set<Found>(['bad_address', 'mailbox_disabled', 'restricted', 'unknown']);

/** An answer to our sender is about our sender, whatever code it bears; one to our greeting about us. */
function aboutSender({ phase, answered, code }: Refused, found: Found): Found {
  const step = phase === 'report' ? answered : phase;
  if (!OF_ADDRESS.has(found) || (found === 'unknown' && (code ?? 0) < 500)) {
    return found;
  }
  return step === 'sender' ? 'sender' : answered === 'connect' ? 'reputation' : found;
}

function classOf(refused: Refused, words: string): Found {
  return (
    clearWords(words) ??
    byPlainCode(refused.enhanced, words) ??
    policyWords(words) ??
    (domainIsMissing(words) ? withoutDomain(refused.enhanced, words) : undefined) ??
    byCodes(refused, words) ??
    byWords(refused, words)
  );
}

/** A look that failed is no answer that there is nothing. */
function withoutDomain(enhanced: string | undefined, words: string): BounceClass {
  const isUnsure = enhanced?.startsWith('4.') === true || enhanced === '5.4.4' || enhanced === '5.4.3';
  return isUnsure || TROUBLE.test(words) ? 'unreachable' : 'bad_address';
}

const TROUBLE = /servfail|temporar|try again|timed out|timeout|lookup failure/;

function byCodes({ code, enhanced }: Refused, words: string): BounceClass | undefined {
  return (enhanced === undefined ? undefined : byEnhanced(enhanced, words)) ?? byCode(code, words);
}

function byWords({ code }: Refused, words: string): BounceClass {
  return (
    addressWords(words) ?? laterWords(words) ?? refusingWords(words) ?? (code === 552 ? 'mailbox_full' : 'unknown')
  );
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

/**
 * Lower case and one line, without addresses and without the codes that servers repeat at each line; never more than 500
 * characters. A server that quotes another one's refusal says nothing by its own name for it.
 */
function asWords(text: string): string {
  return text
    .slice(0, LONGEST)
    .toLowerCase()
    .replaceAll(/unknown address error (?=["'(]?[45]\d\d)/g, ' ')
    .replaceAll(/[^\s<>"'(),;:[\]]{1,64}@[^\s<>"'(),;:[\]]{1,255}/g, '@')
    .replaceAll(/\b[245]\d\d[- ]#?(?:[245]\.\d{1,3}\.\d{1,3}\b)?/g, ' ')
    .replaceAll(/\s+/g, ' ');
}
