/**
 * Plain notation: a minus, digits without leading zeros, a point and digits. Nothing else is a number to logic: `007` is a
 * code, `1e3` and `0x10` are names, and `Infinity` is a word.
 */
const PLAIN = /^(-?)(0|[1-9]\d*)?(?:\.(\d+))?$/;

/** A number by its digits, because what people count may have more of them than a double keeps. */
interface Digits {
  isNegative: boolean;
  whole: string;
  decimals: string;
}

/** Below 0, 0 or above 0 as `left` is less, equal or greater; nothing where one of them is no number in plain notation. */
export function compareNumbers(left: string, right: string): number | undefined {
  const [one, other] = [digitsOf(left.trim()), digitsOf(right.trim())];
  if (!one || !other) return undefined;
  if (one.isNegative !== other.isNegative) return one.isNegative ? -1 : 1;
  return one.isNegative ? bySize(other, one) : bySize(one, other);
}

/** A double in plain notation, never with an exponent. */
export function plainOf(number: number): string {
  const text = String(number);
  return /e/i.test(text) ? UNGROUPED.format(number) : text;
}

const UNGROUPED = new Intl.NumberFormat('en', { useGrouping: false, maximumFractionDigits: 20 });

function digitsOf(text: string): Digits | undefined {
  const [, sign, whole, decimals] = PLAIN.exec(text) ?? [];
  if (whole === undefined && decimals === undefined) return undefined;
  const digits = { whole: whole ?? '0', decimals: (decimals ?? '').replace(/0+$/, '') };
  const isNothing = digits.whole === '0' && digits.decimals === '';
  return { ...digits, isNegative: sign === '-' && !isNothing };
}

function bySize(left: Digits, right: Digits): number {
  if (left.whole.length !== right.whole.length) return left.whole.length - right.whole.length;
  const [one, other] = [left.whole + left.decimals, right.whole + right.decimals];
  return one === other ? 0 : one < other ? -1 : 1;
}
