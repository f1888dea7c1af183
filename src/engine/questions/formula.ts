/** An operation such as `$e{ e://Field/a + 10 }`, read once. Operands are written like placeholders, with or without `${…}`. */
export type Formula =
  | { kind: 'number'; value: number }
  | { kind: 'operand'; scheme: string; path: string }
  | { kind: 'minus'; of: Formula }
  | { kind: 'round'; of: Formula; digits: Formula }
  | { kind: 'pair'; sign: Sign; left: Formula; right: Formula };

type Sign = keyof typeof SIGNS;

const SIGNS = {
  '+': (left: number, right: number) => left + right,
  '-': (left: number, right: number) => left - right,
  '*': (left: number, right: number) => left * right,
  '/': (left: number, right: number) => left / right,
  '%': (left: number, right: number) => left % right,
  '^': (left: number, right: number) => left ** right,
};

/** Tighter bindings last. */
const LEVELS: readonly (readonly string[])[] = [
  ['+', '-'],
  ['*', '/', '%'],
];
const OTHER_SIGNS = new Map([
  ['×', '*'],
  ['÷', '/'],
  ['−', '-'],
]);

/**
 * Numbers, `${…}`, operands, signs. Names of fields may hold blanks and hyphens, as they do in other placeholders, but no
 * other sign; where an operand follows a hyphen or slash directly, that one is a sign.
 */
const TOKEN =
  /\s*(?:(\d+(?:\.\d+)?|\.\d+)|\$\{(\w{1,10}):\/\/([^{}]+)\}|(\w{1,10}):\/\/((?:Field\/(?:(?![-/]\w{1,10}:)[^\s()+*^%,{}/])+(?:\s+(?!\w{1,10}:|round\b)\p{L}[^\s()+*^%,{}/]*)*)|(?:(?![-/]\w{1,10}:)[^\s()+*^%,{}])+)|(round\b|[-+*/%^(),×÷−]))/uy;

type Token = { sign: string } | { operand: Formula };

/** The operation in a text, or nothing when it holds anything else. */
export function parseFormula(text: string): Formula | undefined {
  const tokens = tokensOf(text.trim());
  if (!tokens) return undefined;
  const reading = new Reading(tokens);
  const formula = reading.level(0);
  return reading.isOver ? formula : undefined;
}

function tokensOf(text: string): Token[] | undefined {
  const tokens: Token[] = [];
  let end = 0;
  while (end < text.length) {
    TOKEN.lastIndex = end;
    const match = TOKEN.exec(text);
    if (!match) return undefined;
    tokens.push(tokenOf(match));
    end = TOKEN.lastIndex;
  }
  return tokens;
}

function tokenOf([, number, piped, pipedPath, scheme, path, sign = '']: RegExpExecArray): Token {
  if (number !== undefined) return { operand: { kind: 'number', value: Number(number) } };
  const named = piped ?? scheme;
  if (named === undefined) return { sign: OTHER_SIGNS.get(sign) ?? sign };
  return { operand: { kind: 'operand', scheme: named.toLowerCase(), path: (pipedPath ?? path ?? '').trim() } };
}

/** Reads from left to right; what can't be read is nothing, and so is everything around it. */
class Reading {
  private at = 0;

  constructor(private readonly tokens: readonly Token[]) {}

  get isOver(): boolean {
    return this.at === this.tokens.length;
  }

  level(depth: number): Formula | undefined {
    const signs = LEVELS[depth];
    if (!signs) return this.power();
    let left = this.level(depth + 1);
    for (let sign = this.take(signs); left && sign !== undefined; sign = this.take(signs)) {
      left = pair(sign, left, this.level(depth + 1));
    }
    return left;
  }

  /** `-2 ^ 2` is the minus of `2 ^ 2`, and `2 ^ 3 ^ 2` is `2 ^ 9`. */
  private power(): Formula | undefined {
    if (this.take(['+'])) return this.power();
    if (this.take(['-'])) {
      const of = this.power();
      return of && { kind: 'minus', of };
    }
    const base = this.single();
    return base && this.take(['^']) ? pair('^', base, this.power()) : base;
  }

  private single(): Formula | undefined {
    if (this.take(['round'])) return this.take(['(']) ? this.rounded() : undefined;
    if (this.take(['('])) {
      const inner = this.level(0);
      return this.take([')']) ? inner : undefined;
    }
    const token = this.tokens[this.at];
    if (!token || !('operand' in token)) return undefined;
    this.at += 1;
    return token.operand;
  }

  private rounded(): Formula | undefined {
    const of = this.level(0);
    const digits = this.take([',']) ? this.level(0) : ({ kind: 'number', value: 0 } as const);
    return of && digits && this.take([')']) ? { kind: 'round', of, digits } : undefined;
  }

  private take(signs: readonly string[]): string | undefined {
    const token = this.tokens[this.at];
    if (!token || !('sign' in token) || !signs.includes(token.sign)) return undefined;
    this.at += 1;
    return token.sign;
  }
}

function pair(sign: string, left: Formula, right: Formula | undefined): Formula | undefined {
  return right && { kind: 'pair', sign: sign as Sign, left, right };
}

export type Operand = Extract<Formula, { kind: 'operand' }>;

/** All operands, in order. */
export function operandsOf(formula: Formula): Operand[] {
  if (formula.kind === 'operand') return [formula];
  if (formula.kind === 'pair') return [...operandsOf(formula.left), ...operandsOf(formula.right)];
  if (formula.kind === 'round') return [...operandsOf(formula.of), ...operandsOf(formula.digits)];
  return formula.kind === 'minus' ? operandsOf(formula.of) : [];
}

/** The result; nothing where an operand is no number or the result is none (a division by zero). */
export function computed(formula: Formula, read: (operand: Operand) => string): number | undefined {
  const result = valueOf(formula, read);
  // 15 digits are what a double keeps: 0.1 + 0.2 is 0.3.
  return Number.isFinite(result) ? Number(result.toPrecision(15)) || 0 : undefined;
}

function valueOf(formula: Formula, read: (operand: Operand) => string): number {
  if (formula.kind === 'number') return formula.value;
  if (formula.kind === 'operand') return numberIn(read(formula));
  if (formula.kind === 'minus') return -valueOf(formula.of, read);
  if (formula.kind === 'round') return rounded(valueOf(formula.of, read), valueOf(formula.digits, read));
  return SIGNS[formula.sign](valueOf(formula.left, read), valueOf(formula.right, read));
}

function numberIn(text: string): number {
  return /^\s*[-+]?(?:\d+\.?\d*|\.\d+)\s*$/.test(text) ? Number(text) : Number.NaN;
}

/** Halves go away from zero, as people round. */
function rounded(value: number, digits: number): number {
  if (!Number.isInteger(digits) || Math.abs(digits) > 15) return Number.NaN;
  const shift = 10 ** digits;
  return (Math.sign(value) * Math.round(Number((Math.abs(value) * shift).toPrecision(15)))) / shift;
}
