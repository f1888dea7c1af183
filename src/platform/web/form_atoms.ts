import { z } from 'zod';

/**
 * What the fields of forms are made of. The first kind refuses in words; the second takes whatever a browser sends, and
 * what is wrong with it is told later or not at all; the third is for programs.
 */

/** A text of so many characters at most, as it was typed. */
export const upTo = (limit: number) => z.string().max(limit, atMost(limit));

/** The same without what stands around it. */
export const trimmed = (limit: number) => z.string().trim().max(limit, atMost(limit));

/** A text that is not empty. @param words that ask for it */
export const named = (limit: number, words: string) => z.string().trim().min(1, words).max(limit, atMost(limit));

function atMost(limit: number): string {
  return `At most ${limit.toLocaleString('en')} characters.`;
}

/** A number as people write it, with or without separators of thousands. */
export function wholeNumber(min: number, max: number) {
  const message = `A whole number from ${min.toLocaleString('en')} to ${max.toLocaleString('en')}.`;
  return z
    .string({ error: message })
    .trim()
    .transform((text) => text.replaceAll(/[,\s’]/g, ''))
    .refine((text) => /^\d{1,15}$/.test(text) && Number(text) >= min && Number(text) <= max, message)
    .transform(Number);
}

/** The same, or null for an empty field. */
export function wholeNumberOrNone(min: number, max: number) {
  const nothing = z
    .string()
    .trim()
    .length(0)
    .transform(() => null);
  return z.union([nothing, wholeNumber(min, max)]);
}

/** One line, cut to its field. Line ends in a header would be somebody's attempt to add another one. */
export const line = (limit: number) =>
  changed((text) =>
    text
      .replaceAll(/\p{Cc}+/gu, ' ')
      .trim()
      .slice(0, limit),
  );

/** What was typed, cut to its field: what is wrong with it is refused in words, not mended in silence. */
export const asWritten = (limit: number) => changed((text) => text.replaceAll('\0', '').trim().slice(0, limit));

/** A text of many lines, with one kind of line end. */
export const block = changed((text) => text.replaceAll('\0', '').replaceAll('\r\n', '\n'));

/** The beginning of what was typed, with everything in it. */
export const beginning = (limit: number) =>
  z
    .string()
    .catch('')
    .transform((text) => text.slice(0, limit));

/** What nobody types that long: more is as good as nothing. */
export const unlessLonger = (limit: number) => z.string().max(limit).catch('');

/** Half a character would be refused by the database, and may be left of one where a text is cut. */
function changed(change: (text: string) => string) {
  return z
    .string()
    .catch('')
    .transform((text) => change(text).toWellFormed());
}

/** A box: a browser sends `on`, or nothing. */
export const ticked = z
  .string()
  .optional()
  .catch(undefined)
  .transform((value) => value === 'on');

/** A box that says by being there whether it is ticked, whatever its value. */
export const present = z
  .string()
  .optional()
  .transform((value) => value !== undefined);

/** Where a list goes on; the start for what is no such place. */
export const cursor = z.string().optional().catch(undefined);

/** How many rows are on a page already, or how many lie before it. */
export const count = (most = 1_000_000_000) => z.coerce.number().int().min(0).max(most).catch(0);

/**
 * A page of ours to go to; what would lead elsewhere leads to the first one: `//evil` and `/\evil` are other hosts to a
 * browser, and so is either behind a tab, which it leaves out.
 */
export const ownPath = z
  .string()
  .regex(/^\/(?![/\\])[^\s\\]*$/)
  .max(2000)
  .catch('/');

/** Programs send null, or nothing, where they want what is usual. */
export const orElse = <S extends z.ZodType, D>(schema: S, usual: D) =>
  schema.nullish().transform((value) => value ?? usual);
