import type { Finding } from '../../planning/finding.js';
import { readMail, type ReadMail } from '../content/mail_links.js';

/** A mail as somebody would get it. */
export interface RenderedMail {
  html: string;
  /** The plain-text part where its author wrote one; what is made from the HTML leads where that leads. */
  text: string;
}

/** Where the links of that very mail must lead. */
export interface RightAddresses {
  surveyUrl: string;
  optOutUrl: string;
  /** Personal links that this reader brings as embedded data. */
  ownLinks: readonly string[];
}

/** One of the two links that a mail needs. */
interface Need {
  code: 'CVS01' | 'CVS02';
  right: readonly string[];
  /** How its placeholder looks where it was not taken for one, also encoded for an address. */
  written: RegExp;
  isNeeded: boolean;
}

const MOST_NAMED = 3;
const NAMED_CHARACTERS = 150;

/**
 * Looks where the survey's and the opt-out's links of a rendered mail lead. A link that was meant to be one of them and leads
 * elsewhere is an error also where another one works: people click on either.
 * @param asksForAnswer thanks need no survey link
 */
export function linkFindings(mail: RenderedMail, right: RightAddresses, asksForAnswer: boolean): Finding[] {
  const read = readMail(mail.html);
  const needs: Need[] = [
    {
      code: 'CVS01',
      right: [right.surveyUrl, ...right.ownLinks],
      written: /l:\/\/\s*survey\s*(?:link|url)/i,
      isNeeded: asksForAnswer,
    },
    { code: 'CVS02', right: [right.optOutUrl], written: /l:\/\/\s*opt\s*out\s*(?:link|url)/i, isNeeded: true },
  ];
  return needs.flatMap((need) => findingOf(need, read, mail.text));
}

function findingOf(need: Need, read: ReadMail, text: string): Finding[] {
  const dead = [...new Set([...deadLinks(need, read), ...deadWords(need, read.text), ...deadWords(need, text)])];
  const error = (kind: string, values = {}): Finding[] => [
    { code: need.code, words: `${need.code}${kind}`, level: 'error', values },
  ];
  if (dead.length > 0) {
    return error('_dead', { dead: dead.slice(0, MOST_NAMED).map(shortened).join(', ') });
  }
  const isInHtml = hasLink(need, read) || saysAddress(need, read.text);
  if (need.isNeeded && !isInHtml) {
    return error(read.links.some(({ url }) => leads(need, url)) ? '_unseen' : '');
  }
  return need.isNeeded && text !== '' && !saysAddress(need, text) ? error('_text') : [];
}

function hasLink(need: Need, { links }: ReadMail): boolean {
  return links.some(({ url, isSeen }) => isSeen && leads(need, url));
}

/** What stands behind the address may only be a query or a place on the page. */
function leads({ right }: Need, url: string): boolean {
  return right.some((one) => url === one || (url.startsWith(one) && /[?#]/.test(url.charAt(one.length))));
}

function deadLinks(need: Need, { links }: ReadMail): string[] {
  return links.filter(({ url }) => !leads(need, url) && wasMeant(need, url)).map(({ url }) => url);
}

function wasMeant({ right, written }: Need, url: string): boolean {
  const decoded = decodedTwice(url);
  return written.test(decoded) || right.some((one) => decoded.toLowerCase().includes(one.toLowerCase()));
}

/** An address may have been encoded once by an editor and once more by whoever copied it. */
function decodedTwice(url: string): string {
  const decoded = (text: string): string =>
    text.replaceAll(/%([2-7][0-9a-f])/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  return decoded(decoded(url));
}

/** Words in which the address is part of another one, or in which its placeholder stands as it was written. */
function deadWords(need: Need, text: string): string[] {
  return wordsOf(text).filter((word) => {
    if (need.written.test(word)) return true;
    return placesIn(need, word).some(({ before, after }) => /[\w%/@]$/.test(before) || /^[\w&%=/-]/.test(after));
  });
}

function saysAddress(need: Need, text: string): boolean {
  return wordsOf(text).some((word) => placesIn(need, word).length > 0);
}

/** What stands between blanks; a placeholder that was not taken for one may hold some. */
function wordsOf(text: string): string[] {
  return text.match(/\$\{[^}$\n]{0,200}\}?|[^\s<>"]+/g) ?? [];
}

function placesIn({ right }: Need, word: string): { before: string; after: string }[] {
  return right.flatMap((one) => {
    const at = word.indexOf(one);
    return at === -1 ? [] : [{ before: word.slice(0, at), after: word.slice(at + one.length) }];
  });
}

function shortened(link: string): string {
  return link.length > NAMED_CHARACTERS ? `${link.slice(0, NAMED_CHARACTERS).toWellFormed()}…` : link;
}
