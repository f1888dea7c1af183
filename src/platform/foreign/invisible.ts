/** What nobody sees in a text, by its code point, as people may look it up. */
const NAMES = new Map<number, string>([
  [0x00a0, 'no-break space'],
  [0x00ad, 'soft hyphen'],
  [0x034f, 'combining grapheme joiner'],
  [0x061c, 'Arabic letter mark'],
  [0x180e, 'Mongolian vowel separator'],
  [0x2007, 'figure space'],
  [0x200b, 'zero-width space'],
  [0x200c, 'zero-width non-joiner'],
  [0x200d, 'zero-width joiner'],
  [0x200e, 'left-to-right mark'],
  [0x200f, 'right-to-left mark'],
  [0x202a, 'left-to-right embedding'],
  [0x202b, 'right-to-left embedding'],
  [0x202c, 'end of a text direction'],
  [0x202d, 'left-to-right override'],
  [0x202e, 'right-to-left override'],
  [0x202f, 'narrow no-break space'],
  [0x2060, 'word joiner'],
  [0x2061, 'invisible operator'],
  [0x2062, 'invisible operator'],
  [0x2063, 'invisible operator'],
  [0x2064, 'invisible operator'],
  [0x2066, 'left-to-right isolate'],
  [0x2067, 'right-to-left isolate'],
  [0x2068, 'isolate'],
  [0x2069, 'end of an isolate'],
  [0x3000, 'ideographic space'],
  [0xfeff, 'byte-order mark'],
]);

const ANY = `[${[...NAMES.keys()].map((code) => `\\u${code.toString(16).padStart(4, '0')}`).join('')}]`;
const FIRST = new RegExp(ANY);
const EVERY = new RegExp(ANY, 'g');
/** They begin and end a stretch of one direction; half a pair would turn the text around it. */
const PAIRED = /[\u202A-\u202E\u2066-\u2069]/;
/** Behind a letter it belongs to it in some scripts. */
const JOINER = 0x200d;
const SPACES = /[\u00A0\u2007\u202F\u3000]/g;
/** Never meant where it stands: copied along from a page or a document. */
const NEVER_MEANT = /[\u00AD\u200B\u2060-\u2064\uFEFF]/g;

/** The text without blanks and what nobody sees at its ends. Inside it stays: some scripts are written with it. */
export function trimmed(text: string): string {
  const plain = text.trim();
  if (plain === '' || (plain.charCodeAt(0) < 0x80 && plain.charCodeAt(plain.length - 1) < 0x80)) {
    return plain;
  }
  const inner = within(plain, isUnseen);
  return PAIRED.test(inner)
    ? within(plain, (code) => isUnseen(code) && !PAIRED.test(String.fromCharCode(code)))
    : inner;
}

/** By hand: a pattern for the end of a text takes quadratic time where many blanks stand inside. */
function within(text: string, isOutside: (code: number) => boolean): string {
  let [start, end] = [0, text.length];
  while (start < end && isOutside(text.charCodeAt(start))) {
    start += 1;
  }
  while (end > start && text.charCodeAt(end - 1) !== JOINER && isOutside(text.charCodeAt(end - 1))) {
    end -= 1;
  }
  return text.slice(start, end);
}

function isUnseen(code: number): boolean {
  return NAMES.has(code) || String.fromCharCode(code).trim() === '';
}

/** The text without anything that nobody sees, for what is read by programs. */
export function withoutInvisible(text: string): string {
  return text.replaceAll(EVERY, '');
}

/** A heading as it is typed elsewhere: plain blanks, and nothing that was copied along. */
export function plainHeading(text: string): string {
  return trimmed(text.replaceAll(NEVER_MEANT, '').replaceAll(SPACES, ' '));
}

/** The first of what nobody sees, e.g. "zero-width space (U+200B)"; undefined where there is none. */
export function invisibleIn(text: string): string | undefined {
  const code = FIRST.exec(text)?.[0].codePointAt(0);
  return code === undefined ? undefined : namedCode(code);
}

/** The first that is never meant in a key, whatever its script: soft hyphens, zero-width spaces and their like. */
export function neverMeantIn(text: string): string | undefined {
  const at = text.search(NEVER_MEANT);
  return at < 0 ? undefined : namedCode(text.codePointAt(at)!);
}

function namedCode(code: number): string {
  return `${NAMES.get(code)} (U+${code.toString(16).toUpperCase().padStart(4, '0')})`;
}
