import { isoDate } from './dates.js';
import { compareNumbers, plainOf } from './numbers.js';
import { matchesPattern, safePattern } from './pattern.js';
import type { Content } from './question.schema.js';
import { plainText } from '../text.js';

export interface Checked {
  /** The text in its normal form, when its kind is right. */
  value?: string;
  error?: { code: string; params: Record<string, string | number> };
}

const refused = (code: string, params: Record<string, string | number> = {}): Checked => ({ error: { code, params } });

/** Checks what was typed (not empty) against what may be typed. */
export function checkContent(text: string, content: Content): Checked {
  const checked = KINDS[content.kind](text, content);
  return checked.error ? checked : (lengthRefused(text, content) ?? checked);
}

function lengthRefused(text: string, { minLength, maxLength }: Content): Checked | undefined {
  const { length } = Array.from(text);
  if (minLength !== undefined && length < minLength) return refused('minLength', { min: minLength });
  if (maxLength !== undefined && length > maxLength) return refused('maxLength', { max: maxLength });
  return undefined;
}

const KINDS: Record<Content['kind'], (text: string, content: Content) => Checked> = {
  any: (text) => ({ value: text }),
  number: checkNumber,
  email: matching(/^[^\s@<>()[\],;:"\\]{1,64}@[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63}){1,8}$/u, 'email'),
  phone: (text) => {
    const digits = text.replaceAll(/[\s().\-/+]/g, '');
    return /^\d{5,15}$/.test(digits) && text.length <= 40 ? { value: text } : refused('phone');
  },
  date: (text, { dateFormat = 'mdy' }) => {
    const value = isoDate(text, dateFormat);
    return value === undefined ? refused('date', { format: dateFormat }) : { value };
  },
  zip: matching(/^(?=[A-Za-z -]*\d)[A-Za-z0-9][A-Za-z0-9 -]{1,9}$/, 'zip'),
  url: matching(/^(?:https?:\/\/)?[^\s./]{1,63}(?:\.[^\s./]{1,63}){1,8}(?:[/?#]\S{0,1900})?$/i, 'url'),
  pattern: (text, { pattern = '', patternMessage = '' }) => {
    const safe = safePattern(pattern);
    if (!safe || matchesPattern(safe, text)) return { value: text };
    return refused('pattern', { message: plainText(patternMessage) });
  },
};

function matching(pattern: RegExp, code: string): (text: string) => Checked {
  return (text) => (text.length <= 2000 && pattern.test(text) ? { value: text } : refused(code));
}

/** A number that was read already. Answers from before there was one reading may begin with zeros or end with a point. */
function checkNumber(text: string, content: Content): Checked {
  if (!/^-?(?:\d+(?:\.\d*)?|\.\d+)$/.test(text)) return refused('number');
  const value = text.replace(/^(-?)0+(?=\d)/, '$1').replace(/\.$/, '');
  return outOfBounds(value, content) ?? tooFine(value, content) ?? { value };
}

function outOfBounds(value: string, { min, max }: Content): Checked | undefined {
  if (min !== undefined && compareNumbers(value, plainOf(min))! < 0) return refused('numberMin', { min });
  return max !== undefined && compareNumbers(value, plainOf(max))! > 0 ? refused('numberMax', { max }) : undefined;
}

function tooFine(value: string, { decimals }: Content): Checked | undefined {
  const places = /\.(\d+)$/.exec(value)?.[1]?.replace(/0+$/, '').length ?? 0;
  return decimals !== undefined && places > decimals ? refused('decimals', { decimals }) : undefined;
}
