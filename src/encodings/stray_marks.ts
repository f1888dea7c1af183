/**
 * Bytes that are no text in their encoding go through a reader of text as two characters that are none (U+FDD0 to U+FDEF,
 * "for use inside programs"): one for each half of the byte. U+FFFD would not do, because texts hold it that were garbled
 * elsewhere.
 */
const [UPPER, LOWER] = [0xfdd0, 0xfde0];
const MARKS = /[\u{fdd0}-\u{fddf}][\u{fde0}-\u{fdef}]/gu;
const LOST = '\u{fffd}';

/** Where a decoder says only that there was one. */
export const UNKNOWN = 0;

/** What stands for a byte. */
export function markOf(byte: number): string {
  return String.fromCharCode(UPPER + (byte >> 4), LOWER + (byte & 0x0f));
}

/** The first byte of a text that is no text; `UNKNOWN` where nobody knows which. */
export function strayIn(text: string): number | undefined {
  const [mark] = text.match(MARKS) ?? [];
  return mark === undefined ? undefined : ((mark.charCodeAt(0) - UPPER) << 4) | (mark.charCodeAt(1) - LOWER);
}

/** The text as people may see it: � where something can't be read. */
export function withoutMarks(text: string): string {
  return text.replaceAll(MARKS, LOST);
}
