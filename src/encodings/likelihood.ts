import { setImmediate } from 'node:timers/promises';
import iconv from 'iconv-lite';
import { ALPHABET_WORDS } from './alphabet_words.js';
import { JAPANESE, KANA, KOREAN, SIMPLIFIED, TRADITIONAL } from './character_words.js';
import { OLD_ENCODINGS, type OldEncoding } from './encodings.js';

/** How unlikely texts are in an encoding: minus the logarithm of the probability of each letter after the one before. */
type Price = (letter: string, before: string) => number;

const [LOST, UNUSED, RARE, SIGN] = [25, 20, 16, 11];
/** Signs of print that any alphabet's texts hold now and then. */
const PRINT = new Set('’‘“”„–—…€£§°«»·ºª®™©½¼№\u{a0}');
const PRINT_PRICE = 6;
/** Letters of two scripts in one word. */
const STUCK = 4;
/** No word has a capital behind a small letter. */
const WRONG_CASE = 4;
/** Observations that a letter's frequency anywhere is worth against those behind one letter. */
const BELIEF = 5;
const LETTERS = 256;

/** Prices by which letters stand beside each other in `words`; all others are possible. */
function alphabet(words: string): Price {
  const [pairs, firsts, singles] = [new Map<string, number>(), new Map<string, number>(), new Map<string, number>()];
  const count = (counts: Map<string, number>, key: string): void => void counts.set(key, (counts.get(key) ?? 0) + 1);
  let all = 0;
  for (const word of words.toLowerCase().trim().split(/\s+/)) {
    let before = '';
    for (const letter of [...Array.from(word), '']) {
      count(pairs, before + letter);
      count(firsts, before);
      count(singles, letter);
      all += 1;
      before = letter;
    }
  }
  const share = (letter: string, before: string): number => {
    const anywhere = ((singles.get(letter) ?? 0) + 0.2) / (all + 0.2 * LETTERS);
    return ((pairs.get(before + letter) ?? 0) + BELIEF * anywhere) / ((firsts.get(before) ?? 0) + BELIEF);
  };
  return (written, previous) => {
    const [letter, before] = [wordLetter(written), wordLetter(previous)];
    if (letter === '' && !isAscii(written)) {
      return signPrice(written);
    }
    const isStuck = isAscii(previous) && before !== '' && !firsts.has(before);
    const isLoud = isCapital(written) && isSmall(previous);
    return -Math.log(share(letter, before)) + (isStuck ? STUCK : 0) + (isLoud ? WRONG_CASE : 0);
  };
}

/** Prices by classes of characters: how often one of a class is met, shared by all of the class. */
function characters(classes: readonly (readonly [share: number, characters: Iterable<string>])[]): Price {
  const prices = new Map<string, number>();
  for (const [share, some] of classes) {
    const all = new Set(some);
    for (const each of all) {
      const price = -Math.log(share / all.size);
      prices.set(each, Math.min(price, prices.get(each) ?? RARE));
    }
  }
  return (character, before) => {
    if (isAscii(character)) {
      return /[a-z]/i.test(character) ? 3 : 0.3;
    }
    const price = prices.get(character) ?? signPrice(character, RARE);
    const stuck = /[a-z]/i.test(before) ? STUCK : 0;
    return stuck + (isHalfWidth(character) && isHalfWidth(before) ? -Math.log(0.8 / 63) : price);
  };
}

/** All characters whose first byte lies in a range, as the standards order them: first those of everyday texts. */
function ofRows(encoding: OldEncoding, from: number, to: number, first = 0xa1): string[] {
  const bytes: number[] = [];
  for (let row = from; row <= to; row += 1) {
    for (let cell = first; cell <= 0xfe; cell += cell === 0x7e ? 0xa1 - 0x7e : 1) {
      bytes.push(row, cell, 0x0a);
    }
  }
  return iconv
    .decode(Buffer.from(bytes), encoding)
    .split('\n')
    .filter((text) => text.length === 1 && text !== '\u{fffd}');
}

function plain(words: string): string[] {
  return Array.from(words.replaceAll(/\s/g, ''));
}

const SIGNS = '　、。，．・：；？！（）「」『』【】〒－ー～〜々０１２３４５６７８９';

function japanese(): Price {
  return characters([
    [0.35, plain(KANA)],
    [0.4, plain(JAPANESE)],
    [0.15, ofRows('euc-jp', 0xb0, 0xcf)],
    [0.02, ofRows('euc-jp', 0xd0, 0xf4)],
    [0.05, Array.from({ length: 63 }, (_, place) => String.fromCharCode(0xff61 + place))],
    [0.03, SIGNS],
  ]);
}

/** Each is worked out when it is first asked for. */
const MAKERS: Record<OldEncoding, () => Price> = {
  'windows-1252': () => alphabet(ALPHABET_WORDS['windows-1252']),
  'windows-1250': () => alphabet(ALPHABET_WORDS['windows-1250']),
  'windows-1251': () => alphabet(ALPHABET_WORDS['windows-1251']),
  'koi8-r': () => alphabet(ALPHABET_WORDS['windows-1251']),
  'windows-1253': () => alphabet(ALPHABET_WORDS['windows-1253']),
  'windows-1254': () => alphabet(ALPHABET_WORDS['windows-1254']),
  shift_jis: japanese,
  'euc-jp': japanese,
  gb18030: () =>
    characters([
      [0.7, plain(SIMPLIFIED)],
      [0.2, ofRows('gb18030', 0xb0, 0xd7)],
      [0.05, ofRows('gb18030', 0xd8, 0xf7)],
      [0.03, SIGNS],
      [0.001, ofRows('gb18030', 0x81, 0xa0, 0x40)],
    ]),
  big5: () =>
    characters([
      [0.7, plain(TRADITIONAL)],
      [0.2, ofRows('big5', 0xa4, 0xc6, 0x40)],
      [0.03, ofRows('big5', 0xc9, 0xf9, 0x40)],
      [0.03, SIGNS],
    ]),
  'euc-kr': () =>
    characters([
      [0.75, plain(KOREAN)],
      [0.2, ofRows('euc-kr', 0xb0, 0xc8)],
      [0.005, ofRows('euc-kr', 0xca, 0xfd)],
      [0.02, SIGNS],
    ]),
};

const made = new Map<OldEncoding, Price>();

/** @returns how unlikely these bytes are as a text in that encoding, in natural units of information */
function unlikelihood(bytes: Uint8Array, encoding: OldEncoding): number {
  const price = made.get(encoding) ?? MAKERS[encoding]();
  made.set(encoding, price);
  let [sum, before] = [0, '\n'];
  for (const letter of iconv.decode(Buffer.from(bytes), encoding)) {
    if (letter === '\u{fffd}') {
      sum += LOST;
    } else if (!isAscii(letter) || !isAscii(before)) {
      sum += price(letter, before);
    }
    before = letter;
  }
  return sum;
}

/** Characters that people write names with in any of the languages that are known here. */
let known: Set<string> | undefined;

/** The same for UTF-8, which any language is written in. */
export function unlikelihoodOfUtf8(bytes: Uint8Array): number {
  known ??= new Set(
    [...Object.values(ALPHABET_WORDS), JAPANESE, KANA, SIMPLIFIED, TRADITIONAL, KOREAN].flatMap((words) =>
      plain(words),
    ),
  );
  let sum = 0;
  for (const letter of new TextDecoder().decode(bytes)) {
    sum += letter === '\u{fffd}' ? 14 : isAscii(letter) ? 0 : known.has(letter) ? 6 : 9;
  }
  return sum;
}

/** The old encoding in which these bytes are likeliest; of equals the first of the list. Others have their turn in between. */
export async function likeliestOf(bytes: Uint8Array): Promise<{ encoding: OldEncoding; price: number }> {
  let best: { encoding: OldEncoding; price: number } = { encoding: 'windows-1252', price: Infinity };
  for (const encoding of OLD_ENCODINGS) {
    const price = unlikelihood(bytes, encoding);
    best = price < best.price ? { encoding, price } : best;
    await setImmediate();
  }
  return best;
}

function signPrice(sign: string, other = SIGN): number {
  const code = sign.codePointAt(0)!;
  if (code < 0xa0 || (code >= 0xe000 && code <= 0xf8ff)) {
    return UNUSED;
  }
  return PRINT.has(sign) ? PRINT_PRICE : other;
}

/** Small, and '' for whatever is part of no word. */
function wordLetter(letter: string): string {
  return /[\p{L}\p{M}]/u.test(letter) ? letter.toLowerCase() : '';
}

function isAscii(letter: string): boolean {
  return letter.charCodeAt(0) < 0x80;
}

function isCapital(letter: string): boolean {
  return letter !== letter.toLowerCase();
}

function isSmall(letter: string): boolean {
  return letter !== letter.toUpperCase();
}

function isHalfWidth(letter: string): boolean {
  return letter >= '\u{ff61}' && letter <= '\u{ff9f}';
}
