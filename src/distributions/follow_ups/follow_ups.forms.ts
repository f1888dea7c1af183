import { z } from 'zod';
import { orElse } from '../../platform/web/form_atoms.js';

const whole = (most: number) => orElse(z.number().int().min(0).max(most), 0);

/** What programs send; the words are read by the very same rules as those of an invitation. */
export const createFollowUp = z.object({
  message: z.record(z.string(), z.unknown()),
  header: z.record(z.string(), z.unknown()),
  sendDate: orElse(z.string().max(100), ''),
  /** Instead of a date: so long after each person's own mail. */
  afterDays: whole(365),
  afterHours: whole(8760),
  after: z.enum(['invitation', 'lastReminder'], { error: 'invitation or lastReminder.' }).default('invitation'),
  /** A thank-you to each person when their response is recorded. */
  atOnce: z.boolean().default(false),
  /** Thank-yous alone: also to people who were screened out or came after a quota was full. */
  includeScreenedOut: z.boolean().default(false),
});
export type CreateFollowUp = z.infer<typeof createFollowUp>;
