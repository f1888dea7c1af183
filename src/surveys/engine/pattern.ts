/** An owner's regular expression that is cheap on any input up to a length. */
export interface SafePattern {
  regex: RegExp;
  longest: number;
}

/** Backtracking costs about length^(repeats + 1); these lengths keep it near five million steps. */
const LONGEST_BY_REPEATS = [20_000, 2000, 300, 100, 60];
const UNSAFE = /\\[1-9k]|\(\?(?!:)/;
const TOKENS = /\)(?:[*+]|\{\d+(?:,\d*)?\})?|\(|\||[*+]|\{\d+,\d*\}/g;
const known = new Map<string, SafePattern | undefined>();

/**
 * Compiles a pattern, or gives nothing when it is broken or could run away: respondents decide what it runs on, and one
 * request must not stall the others. Nested repeats, repeated alternatives, back references and look-arounds are refused.
 */
export function safePattern(source: string): SafePattern | undefined {
  if (known.has(source)) return known.get(source);
  const repeats = tameRepeats(source);
  const longest = repeats === undefined ? undefined : LONGEST_BY_REPEATS[repeats];
  const regex = longest === undefined ? undefined : compile(source);
  const pattern = regex && longest !== undefined ? { regex, longest } : undefined;
  if (known.size > 1000) known.clear();
  known.set(source, pattern);
  return pattern;
}

export function matchesPattern({ regex, longest }: SafePattern, text: string): boolean {
  return text.length <= longest && regex.test(text);
}

function compile(source: string): RegExp | undefined {
  const wrapped = /^\/(.*)\/([a-z]*)$/s.exec(source);
  const ignoreCase = wrapped?.[2]?.includes('i') ? 'i' : '';
  for (const flags of [`${ignoreCase}u`, ignoreCase]) {
    try {
      return new RegExp(wrapped?.[1] ?? source, flags);
    } catch {
      // Strict Unicode syntax refuses harmless old escapes; without it a second try is worth it.
      continue;
    }
  }
  return undefined;
}

/** How many variable repeats a pattern has, or nothing when one of them is inside another. */
function tameRepeats(source: string): number | undefined {
  if (source.length > 500 || UNSAFE.test(source)) return undefined;
  const tokens = [...withoutClasses(source).matchAll(TOKENS)].map(([token]) => token);
  return hasNestedRepeats(tokens) ? undefined : tokens.filter(isRepeat).length;
}

function isRepeat(token: string): boolean {
  return token !== '(' && token !== ')' && token !== '|';
}

function hasNestedRepeats(tokens: readonly string[]): boolean {
  const outside: boolean[] = [];
  let isRestless = false;
  for (const token of tokens) {
    if (token === '(') {
      outside.push(isRestless);
      isRestless = false;
      continue;
    }
    const isClosing = token.startsWith(')');
    if (isClosing && isRepeat(token) && isRestless) return true;
    isRestless = isClosing ? closed(outside.pop(), isRestless, isRepeat(token)) : true;
  }
  return false;
}

/** Whether something repeats or alternates around and in a group that was just closed. */
function closed(before: boolean | undefined, inside: boolean, isRepeated: boolean): boolean {
  return before === true || inside || isRepeated;
}

/** Character classes and escapes stand for one character each; nothing in them repeats. */
function withoutClasses(source: string): string {
  return source.replaceAll(/\\./gs, 'x').replaceAll(/\[[^\]]*\]/g, 'x');
}
