import { z } from 'zod';

/** Whether a text may name a question, choice, row or column. */
export function isId(text: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9.-]{0,63}$/.test(text) && text !== 'TEXT' && !(text in Object.prototype);
}

/**
 * Ids become field names joined by `_`, so they hold none themselves; `TEXT` is the suffix of a typed-in "other". Names
 * that every object has (`constructor`) are refused because ids are keys of plain JSON objects.
 */
export const idSchema = z.string().refine(isId);
