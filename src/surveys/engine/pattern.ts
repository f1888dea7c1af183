/** Longer input is never matched: polynomial patterns stay cheap. */
const LONGEST_INPUT = 256;
const known = new Map<string, RegExp | undefined>();

/**
 * Compiles an owner's regular expression, or gives nothing when it is broken or could run away: respondents decide what
 * it runs on, and one request must not stall the others. Nested repeats, repeated alternatives, back references and
 * look-arounds are refused.
 */
export function safePattern(source: string): RegExp | undefined {
  if (known.has(source)) return known.get(source);
  const pattern = isTame(source) ? compile(source) : undefined;
  if (known.size > 1000) known.clear();
  known.set(source, pattern);
  return pattern;
}

export function matchesPattern(pattern: RegExp, text: string): boolean {
  return text.length <= LONGEST_INPUT && pattern.test(text);
}

function compile(source: string): RegExp | undefined {
  const wrapped = /^\/(.*)\/([a-z]*)$/s.exec(source);
  const flags = wrapped?.[2]?.includes('i') ? 'iu' : 'u';
  for (const flag of [flags, flags.replace('u', '')]) {
    try {
      return new RegExp(wrapped?.[1] ?? source, flag);
    } catch {
      continue;
    }
  }
  return undefined;
}

const REPEAT = /^(?:[*+]|\{\d+,\d*\})/;

/** Reads the pattern once, keeping for each open group whether a repeat or an alternative was seen inside. */
function isTame(source: string): boolean {
  const groups: boolean[] = [false];
  let repeats = 0;
  for (let rest = source.length > 500 ? '' : withoutClasses(source); rest; rest = rest.slice(1)) {
    if (rest.startsWith('(')) groups.push(false);
    const repeat = REPEAT.test(rest);
    const closed = rest.startsWith(')') ? groups.pop() : undefined;
    if (closed !== undefined && REPEAT.test(rest.slice(1)) && closed) return false;
    if (repeat) repeats += 1;
    if (groups.length === 0) return false;
    if (repeat || rest.startsWith('|') || closed) groups[groups.length - 1] = true;
  }
  return source.length <= 500 && repeats <= 20 && !/\\[1-9k]|\(\?[<=!]/.test(source);
}

/** Character classes and escapes stand for one character each; nothing in them repeats. */
function withoutClasses(source: string): string {
  return source.replaceAll(/\\./gs, 'x').replaceAll(/\[[^\]]*\]/g, 'x');
}
