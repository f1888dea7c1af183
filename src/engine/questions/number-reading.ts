/**
 * One reading of numbers for all fields. Digits of every script count; marks are read by what they can mean: `1.234,5` has
 * one meaning everywhere, `12,5` too, and of `12,000` the language of the page decides. What it can't decide is not guessed.
 */
export type Reading =
  | { kind: 'number'; plain: string }
  /** Both meanings, as the language writes them without marks of thousands. */
  | { kind: 'ambiguous'; one: string; other: string }
  | { kind: 'none' };

interface Marks {
  decimal: string;
  group: string;
}

const NONE: Reading = { kind: 'none' };
const MOST_DIGITS = 40;
const MOST_DECIMALS = 20;
/** Always a decimal mark; whatever else stands for one is `.` or `,`. */
const ARABIC_DECIMAL = '٫';

/** @param decimals how many the field takes; undefined: any number of them */
export function readNumber(typed: string, language: string, decimals?: number): Reading {
  const [, sign, body] = /^([+-]?) ?(\d[\d.,' ٫]*|[.,٫]\d+)$/.exec(inAscii(typed)) ?? [];
  if (body === undefined) return NONE;
  const marks = [...new Set(body.replaceAll(/[\d' ]/g, ''))];
  if (marks.includes(ARABIC_DECIMAL)) return divided(sign!, body, ARABIC_DECIMAL);
  if (marks.length === 0) return whole(sign!, body);
  if (marks.length === 2) return divided(sign!, body, body.lastIndexOf(',') > body.lastIndexOf('.') ? ',' : '.');
  return withOneMark(sign!, body, marks[0]!, { ...marksOf(language), decimals });
}

/** A number in plain notation as a field holds it that this language reads. */
export function writeNumber(plain: string, language: string): string {
  return plain.replace(/\.0*$/, '').replace('.', marksOf(language).decimal);
}

/** A number for readers of a language, with its marks and digits. */
export function showNumber(number: number, language: string): string {
  return formatOf(language).format(number);
}

function withOneMark(
  sign: string,
  body: string,
  mark: string,
  terms: Marks & { decimals: number | undefined },
): Reading {
  const [left = '', right = '', ...more] = body.split(mark);
  if (more.length > 0) return whole(sign, body);
  const mayGroup = /^[1-9]\d{0,2}$/.test(left) && /^\d{3}$/.test(right);
  if (!mayGroup) return divided(sign, body, mark);
  if (mark === terms.group) return whole(sign, body);
  // Three decimals where the field takes fewer are hardly meant: somebody wrote thousands in another language's way.
  const isSettled = mark === terms.decimal && (terms.decimals === undefined || terms.decimals >= 3);
  if (isSettled) return divided(sign, body, mark);
  const one = `${sign}${left}.${right}`.replace('+', '').replace(/\.0*$/, '').replace('.', terms.decimal);
  return { kind: 'ambiguous', one, other: `${sign}${left}${right}`.replace('+', '') };
}

function whole(sign: string, body: string): Reading {
  return plainReading(sign, ungrouped(body), '');
}

function divided(sign: string, body: string, mark: string): Reading {
  const [left = '', decimals = '', ...more] = body.split(mark);
  return more.length > 0 || !/^\d*$/.test(decimals)
    ? NONE
    : plainReading(sign, left === '' ? '0' : ungrouped(left), decimals);
}

/** Groups of three, or as in India of two before the last three, with one mark between all of them. */
const GROUPED = /^[1-9]\d{0,2}([.,' ])\d{3}(?:\1\d{3})*$|^[1-9]\d?([.,' ])(?:\d{2}\2)*\d{3}$/;

function ungrouped(text: string): string | undefined {
  return /^\d+$/.test(text) || GROUPED.test(text) ? text.replaceAll(/\D/g, '') : undefined;
}

function plainReading(sign: string, digits: string | undefined, decimals: string): Reading {
  const tidy = digits?.replace(/^0+(?=\d)/, '');
  if (tidy === undefined || tidy.length > MOST_DIGITS || decimals.length > MOST_DECIMALS) return NONE;
  const size = decimals === '' ? tidy : `${tidy}.${decimals}`;
  return { kind: 'number', plain: sign === '-' && /[1-9]/.test(size) ? `-${size}` : size };
}

/** The same number with the digits and signs of this file: marks that people's keyboards have for one thing become one. */
function inAscii(typed: string): string {
  return typed
    .slice(0, 200)
    .replaceAll(/\p{Cf}/gu, '')
    .replaceAll(/\p{Nd}/gu, digitOf)
    .replaceAll(/[−－﹣‐‑‒–]/g, '-')
    .replaceAll(/[＋﹢]/g, '+')
    .replaceAll(/[．。｡]/g, '.')
    .replaceAll(/[，、،﹐]/g, ',')
    .replaceAll(/[٬’‘ʼ＇]/g, "'")
    .replaceAll(/\s/g, ' ')
    .trim();
}

/** Unicode keeps the ten digits of a script together, 0 first, so the place in the run is the value. */
function digitOf(digit: string): string {
  if (digit <= '9') return digit;
  const code = digit.codePointAt(0)!;
  let before = 0;
  while (/^\p{Nd}$/u.test(String.fromCodePoint(code - before - 1))) before += 1;
  return String(before % 10);
}

const formats = new Map<string, Intl.NumberFormat>();
const marks = new Map<string, Marks>();

function formatOf(language: string): Intl.NumberFormat {
  const known = formats.get(language) ?? made(language);
  formats.set(language, known);
  return known;
}

/** Surveys name languages by codes of their own, too; numbers in those are read as in English. */
function made(language: string, numberingSystem?: string): Intl.NumberFormat {
  const wish = { maximumFractionDigits: MOST_DECIMALS, ...(numberingSystem ? { numberingSystem } : {}) };
  try {
    return new Intl.NumberFormat(language.replaceAll('_', '-'), wish);
  } catch {
    return new Intl.NumberFormat('en', wish);
  }
}

function marksOf(language: string): Marks {
  const known = marks.get(language) ?? marksIn(made(language, 'latn').formatToParts(1_234_567.5));
  marks.set(language, known);
  return known;
}

function marksIn(parts: Intl.NumberFormatPart[]): Marks {
  const valueOf = (type: string): string => inAscii(parts.find((part) => part.type === type)?.value ?? '');
  return { decimal: valueOf('decimal'), group: valueOf('group') };
}
