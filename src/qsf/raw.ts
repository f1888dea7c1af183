/** A JSON object of unknown shape. */
export type Raw = Record<string, unknown>;

export function isRecord(value: unknown): value is Raw {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object that is there, or an empty one. */
export function record(value: unknown): Raw {
  return isRecord(value) ? value : {};
}

/** Lists come as arrays or as objects keyed by number: pairs of key and value of either. */
export function entriesOf(value: unknown): [string, unknown][] {
  return typeof value === 'object' && value !== null ? Object.entries(value) : [];
}

/** The same for lists of objects; whatever is none is left out. */
export function recordsOf(value: unknown): [string, Raw][] {
  return entriesOf(value).flatMap(([key, one]) => (isRecord(one) ? [[key, one] as [string, Raw]] : []));
}

/** Text or number as text, cleaned of what a database can't hold; anything else is empty. */
export function textOf(value: unknown): string {
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  return typeof value === 'string' ? value.replaceAll('\0', '').toWellFormed() : '';
}

/** Number or number in a text, by its digits: `0x10` and `1e3` are none. */
export function numberOf(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  const text = textOf(value).trim();
  return /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)$/.test(text) ? Number(text) : undefined;
}

/** A whole number in a range; nothing when it is none. */
export function wholeOf(value: unknown, low: number, high: number): number | undefined {
  const number = numberOf(value);
  return number !== undefined && Number.isInteger(number) && number >= low && number <= high ? number : undefined;
}

/** `true`, `1`, `"true"`, `"on"`, `"Yes"` … */
export function isOn(value: unknown): boolean {
  return value === true || ['1', 'true', 'on', 'yes'].includes(textOf(value).toLowerCase());
}

/** Switched off, empty, or never touched. */
export function isOff(value: unknown): boolean {
  if (typeof value === 'object' && value !== null) return Object.values(value).every(isOff);
  if (value === undefined || value === null || value === false || value === 0) return true;
  return /^(?:|false|no|off|none|null|0|https?:\/\/)$/i.test(textOf(value).trim());
}

/** What a key has when nobody set it. */
const UNSET = new Set(['', '0', 'false', 'no', 'none', 'null', 'off', 'default']);

/** Set by somebody: unlike `isOff`, any list with something in it counts, and `default` is no choice. */
export function isSet(value: unknown): boolean {
  if (typeof value === 'object' && value !== null) return Object.keys(value).length > 0;
  return value === true || !UNSET.has(textOf(value).trim().toLowerCase());
}
