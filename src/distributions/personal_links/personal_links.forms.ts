import { z } from 'zod';
import { cursor, line, unlessLonger } from '../../platform/web/form_atoms.js';

/** What stands in the form for new personal links. */
export const generateLinks = z.object({
  list: line(40),
  sampleKind: z.enum(['all', 'number', 'percent']).catch('all'),
  sampleSize: line(10),
  name: line(200),
  linkType: z.enum(['Individual', 'Multiple']).catch('Individual'),
  linkEnd: z.enum(['days', 'date']).catch('days'),
  linkDays: line(10),
  /** The last day, `yyyy-MM-dd` by the author's clock. */
  linkUntil: line(10),
  embedded: unlessLonger(20_000),
});
export type WrittenLinks = z.infer<typeof generateLinks>;

/** Until when links are to last: the end of a day, else so many days from now. */
export const lastLonger = z.object({ days: line(10), until: line(10) });
export type LastLonger = z.infer<typeof lastLonger>;

export const showPeople = z.object({
  q: line(200),
  after: cursor,
});
