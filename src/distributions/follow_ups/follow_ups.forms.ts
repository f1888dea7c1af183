import { z } from 'zod';

/** What programs send; the words are read by the very same rules as those of an invitation. */
export const createFollowUp = z.object({
  message: z.record(z.string(), z.unknown()),
  header: z.record(z.string(), z.unknown()),
  sendDate: z
    .string()
    .max(100)
    .nullish()
    .transform((text) => text ?? ''),
});
export type CreateFollowUp = z.infer<typeof createFollowUp>;
