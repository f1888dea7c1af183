import { z } from 'zod';
import { idSchema } from '../id.schema.js';

const ids = z.array(idSchema);

/** Place by place: an id that stays there, or `*`, `?`, `~` for the next of `random`, `subset`, `flip`. */
const planSchema = z.object({
  slots: z.array(z.string()),
  random: ids.optional(),
  /** `show` of these are shown. */
  subset: ids.optional(),
  flip: ids.optional(),
  /** Never shown. */
  hidden: ids.optional(),
});

/** How chance arranges a list: choices, rows, columns, the questions of a block. */
export const shuffleSchema = z.object({
  mode: z.enum(['shuffle', 'flip']),
  /** Show only so many of those that are not fixed. */
  show: z.number().int().min(1).optional(),
  /** Those that were shown least are chosen; says something only where `show` leaves some out. */
  even: z.boolean().optional(),
  /** Flips with every other list of the survey that has this. */
  together: z.boolean().optional(),
  /** Shares its chance with the list of this question: tables that were one have the same rows. */
  as: idSchema.optional(),
  plan: planSchema.optional(),
});

export type Shuffle = z.infer<typeof shuffleSchema>;
export type Plan = z.infer<typeof planSchema>;
