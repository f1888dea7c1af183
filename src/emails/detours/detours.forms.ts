import { z } from 'zod';
import { beginning, ticked, unlessLonger } from '../../platform/web/form_atoms.js';

/** The form of a new list, for people who are pasted or come with a file. */
export const newList = z.object({
  listName: beginning(1000),
  people: unlessLonger(2_000_000),
  leaveOut: ticked,
  go: z.enum(['paste', 'import']).catch('paste'),
  /** Of the page without script: which drawing of it this is. */
  page: z.string().max(50).catch('').default(''),
});
export type NewList = z.infer<typeof newList>;
