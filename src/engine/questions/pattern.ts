import { RE2JS } from 're2js';

/** An owner's regular expression whose time grows with the length of the text and no faster. */
export type SafePattern = Pick<RE2JS, 'test'>;

/** Characters of a pattern, steps of its program, characters of a text: their product bounds what one test costs. */
const LONGEST_PATTERN = 500;
const LARGEST_PROGRAM = 3000;
const LONGEST_TEXT = 20_000;
const KEPT = 1000;
const known = new Map<string, SafePattern | undefined>();

/**
 * Compiles a pattern for an engine that never goes back in a text, because respondents decide what it runs on, and one
 * request must not stall the others. Gives nothing for what is broken or too large, and for what only engines that go back
 * can do: look-around and back references.
 */
export function safePattern(source: string): SafePattern | undefined {
  if (known.has(source)) return known.get(source);
  const pattern = source.length > LONGEST_PATTERN ? undefined : compile(source);
  if (known.size >= KEPT) known.clear();
  known.set(source, pattern);
  return pattern;
}

export function matchesPattern(pattern: SafePattern, text: string): boolean {
  return text.length <= LONGEST_TEXT && pattern.test(text);
}

function compile(source: string): SafePattern | undefined {
  const wrapped = /^\/(.*)\/([a-z]*)$/s.exec(source);
  const ignoresCase = wrapped?.[2]?.includes('i') === true;
  const written = translated(wrapped?.[1] ?? source);
  if (written === undefined) return undefined;
  try {
    const pattern = RE2JS.compile(RE2JS.translateRegExp(written), ignoresCase ? RE2JS.CASE_INSENSITIVE : 0);
    return pattern.programSize() <= LARGEST_PROGRAM ? pattern : undefined;
  } catch {
    return undefined; // no pattern, or one that this engine doesn't know
  }
}

/** An escape, a bracket of a class, or a class that holds nothing or everything. */
const PIECES = /\\[pP]\{[^}]*\}|\\.|\[\^?|\]/gs;
/** Blanks of every script, as browsers read `\s`. */
const BLANKS = String.raw`\t-\r \x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}\x{feff}`;

/** The pattern as the engine spells it; nothing where it refers back to what it has matched. */
function translated(source: string): string | undefined {
  let isInClass = false;
  let refersBack = false;
  const result = source.replaceAll(PIECES, (piece) => {
    if (piece === ']') isInClass = false;
    if (piece.startsWith('[') && !isInClass) isInClass = true;
    if (/^\\[1-9k]/.test(piece) && !isInClass) refersBack = true;
    if (piece === String.raw`\s`) return isInClass ? BLANKS : `[${BLANKS}]`;
    if (piece === String.raw`\S` && !isInClass) return `[^${BLANKS}]`;
    return named(piece);
  });
  return refersBack ? undefined : result;
}

const LONG_NAMES: Record<string, string> = {
  Letter: 'L',
  Lowercase_Letter: 'Ll',
  Uppercase_Letter: 'Lu',
  Mark: 'M',
  Number: 'N',
  Decimal_Number: 'Nd',
  Punctuation: 'P',
  Symbol: 'S',
  Separator: 'Z',
};

/** `\p{Letter}`, `\p{Script=Greek}`: the engine knows the short names. */
function named(piece: string): string {
  return piece.replace(
    /^(\\[pP])\{(?:(?:Script|sc|scx|Script_Extensions|General_Category|gc)=)?(\w+)\}$/,
    (_all, kind, name) => {
      return `${kind}{${LONG_NAMES[name] ?? name}}`;
    },
  );
}
