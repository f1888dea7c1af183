import { z } from 'zod';

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
