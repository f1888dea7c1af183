import { z } from 'zod';

/** The form of a new list, for people who are pasted or come with a file. */
export const newList = z.object({
  listName: z
    .string()
    .catch('')
    .transform((text) => text.slice(0, 1000)),
  people: z.string().max(2_000_000).catch(''),
  leaveOut: z
    .string()
    .optional()
    .catch(undefined)
    .transform((value) => value === 'on'),
  go: z.enum(['paste', 'import']).catch('paste'),
  /** Of the page without script: which drawing of it this is. */
  page: z.string().max(50).catch('').default(''),
});
export type NewList = z.infer<typeof newList>;
