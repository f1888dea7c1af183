import { z } from 'zod';

const line = (limit: number) =>
  z
    .string()
    .catch('')
    .transform((text) =>
      text
        .replaceAll(/\p{Cc}+/gu, ' ')
        .trim()
        .slice(0, limit),
    );

/** What stands in the form for new personal links. */
export const generateLinks = z.object({
  list: line(40),
  sampleKind: z.enum(['all', 'number', 'percent']).catch('all'),
  sampleSize: line(10),
  name: line(200),
  linkType: z.enum(['Individual', 'Multiple']).catch('Individual'),
  linkDays: line(10),
  embedded: z.string().max(20_000).catch(''),
});
export type WrittenLinks = z.infer<typeof generateLinks>;

/** Until when links are to last: so many days from now. */
export const lastLonger = z.object({ days: line(10) });

export const showPeople = z.object({
  q: line(200),
  after: z.string().optional().catch(undefined),
});
