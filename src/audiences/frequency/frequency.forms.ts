import { z } from 'zod';
import { line, ticked } from '../../platform/web/form_atoms.js';
import { CONDITION_FIELDS, OPERATORS } from '../../contacts/segments/contact_conditions.js';

/** A rule as it stands in the form. */
export const writeRule = z.object({
  name: line(100),
  most: line(10),
  periodDays: line(10),
  gapDays: line(10),
  list: line(40),
  survey: line(40),
  invite: ticked,
  reminder: ticked,
  thankYou: ticked,
  field: z.enum(['', ...CONDITION_FIELDS]).catch(''),
  embeddedName: line(100),
  operator: z.enum(OPERATORS).catch('is'),
  value: line(200),
});
export type WrittenRule = z.infer<typeof writeRule>;

export const decideFollowUps = z.object({ holds: ticked });
